import fc from 'fast-check'

const space = fc.oneof(
  { arbitrary: fc.constant(''), weight: 40 },
  {
    arbitrary: fc.constantFrom(' ', '  ', '\t', '\f', '\n', '\r\n', '\r', '\\\n', ' \\\r\n ', '\n\n  ', '# a\n'),
    weight: 14,
  },
  fc.constantFrom('#', '# é "', "# '''\n", '\v', '\u00a0', '\\', '\\\n#\n', '\\ \n', '\n\t#\n'),
)

const digits = fc.stringMatching(/^[0-9]{1,3}(_[0-9]{1,3}){0,2}$/)
const number = fc.oneof(
  { arbitrary: fc.integer({ min: -20, max: 1000 }).map(String), weight: 12 },
  { arbitrary: fc.constantFrom('0', '1', '1.0', '1j', '0x1f', '1_000', '.5', '1e5', '1.', '0j'), weight: 6 },
  digits,
  fc.stringMatching(/^0[xXoObB]_?[0-9a-fA-F_]{1,6}$/),
  fc.stringMatching(/^[0-9_]{0,4}\.?[0-9_]{0,4}([eE][+-]?[0-9_]{0,3})?[jJ]?$/),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt().map(String),
  fc.constantFrom(
    '0',
    '00',
    '0_0',
    '007',
    '1L',
    '1e999',
    '-0.0',
    '0777',
    '1__0',
    '1_',
    '1.',
    '.5',
    '1e5',
    '9j',
    '1..',
    '0x',
  ),
)

const piece = fc.oneof(
  { arbitrary: fc.stringMatching(/^[a-z0-9 .,:{}[\]()#-]{0,8}$/), weight: 24 },
  fc.constantFrom(
    '\\n',
    '\\\\',
    "\\'",
    '\\"',
    '\\a',
    '\\0',
    '\\12',
    '\\777',
    '\\8',
    '\\x41',
    '\\xe9',
    '\\x4',
    '\\u20ac',
  ),
  fc.constantFrom(
    '\\ud8',
    '\\U0001f600',
    '\\U00110000',
    '\\U0010FFFF',
    '\\d',
    '\\é',
    '\\\n',
    '\\\r\n',
    '\n',
    '\r',
    '\t',
    '\\ ',
  ),
  fc.constantFrom('é', '€', '😀', "'", '"', '"""', "'''", '\u2028', '\ufeff', '\x7f', '{x}', '%s', '\\x', '\\u12'),
)
const prefix = fc.oneof(
  { arbitrary: fc.constant(''), weight: 30 },
  { arbitrary: fc.constantFrom('u', 'R', 'b', 'Br'), weight: 6 },
  fc.constantFrom('u', 'U', 'r', 'R', 'b', 'B', 'br', 'bR', 'Rb', 'rb', 'ur', 'ru', 'f', 'F', 'fr', 'bu', 'brr', 'x'),
)
const string = fc
  .tuple(prefix, fc.constantFrom("'", '"', "'''", '"""'), fc.array(piece, { maxLength: 4 }))
  .map(([before, quote, pieces]) => `${before}${quote}${pieces.join('')}${quote}`)
const strings = fc.array(fc.tuple(string, space), { minLength: 1, maxLength: 3 }).map((all) => all.flat().join(''))

const wellKnown = fc.constantFrom(
  'None',
  'True',
  'False',
  '...',
  'set()',
  '(set)()',
  '()',
  '[]',
  '{}',
  '1 + 2j',
  '(1)',
  '- 1',
)
const word = fc.constantFrom(
  ...['...', 'set()', 'set', '(set)()', 'set ( )', 'ſet()', 'Ｔrue', 'dict()', 'true', 'x', 'not 1'],
  ...['"a" + "b"', '2 ** 2', '[x for x in ()]', 'lambda: 0', '*()', '~1', '1 if 1 else 2', '{**{}}', '()', '[]', '{}'],
  ...[
    'x = {}',
    '{};',
    '1 + 2j',
    '-1 - 2j',
    '2j + 1',
    '-(1)',
    '- 1',
    '--1',
    '+1',
    '-True',
    '(1)+(2j)',
    '1+2j+3j',
    '1+-2j',
  ],
)

const list = (items: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.array(fc.tuple(space, items, space), { maxLength: 4 }),
      fc.constantFrom('', '', '', ',', ', ', '', '', ',', ',,'),
    )
    .map(([all, end]) => all.map((parts) => parts.join('')).join(',') + end)

const { literal } = fc.letrec<{ literal: string }>((tie) => {
  const pair = fc
    .tuple(tie('literal'), space, space, tie('literal'))
    .map(([key, a, b, value]) => `${key}${a}:${b}${value}`)
  const ownPair = fc
    .tuple(fc.oneof(strings, number), space, tie('literal'))
    .map(([key, a, value]) => `${key}:${a}${value}`)
  return {
    literal: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { arbitrary: number, weight: 2 },
      { arbitrary: strings, weight: 3 },
      { arbitrary: wellKnown, weight: 3 },
      word,
      { arbitrary: list(tie('literal')).map((items) => `[${items}]`), weight: 2 },
      { arbitrary: list(tie('literal')).map((items) => `(${items})`), weight: 2 },
      { arbitrary: list(tie('literal')).map((items) => `{${items}}`), weight: 1 },
      { arbitrary: list(ownPair).map((items) => `{${items}}`), weight: 6 },
      { arbitrary: list(pair).map((items) => `{${items}}`), weight: 1 },
      fc.tuple(fc.constantFrom('-', '+', '- '), tie('literal')).map((parts) => parts.join('')),
      fc.tuple(tie('literal'), fc.constantFrom('+', '-', ' + ', '+\n'), tie('literal')).map((parts) => parts.join('')),
    ),
  }
})

const edge = fc.oneof(
  { arbitrary: fc.constant(''), weight: 20 },
  { arbitrary: fc.constantFrom('\n', '# -*- coding: utf-8 -*-\n', ' ', '# c', '\f'), weight: 6 },
  fc.constantFrom(
    '\n',
    ' ',
    '\t',
    '\f',
    '\ufeff',
    '# -*- coding: utf-8 -*-\n',
    '\n  ',
    '\\\n',
    ' \\\n',
    '\n\f',
    '\n \f',
    '# c',
  ),
  fc.constantFrom(',', ';', '\n\n', '  \n# c', '\n \\\n', '\\\n ', '\r\r\n', '"""doc"""\n', '\0', '\\', ',\n', '\n\t'),
)
const whole = fc.tuple(edge, literal, edge).map((parts) => parts.join(''))

/** A slip of the hand in a text: something taken out, put in, or said twice. */
const mutated = fc
  .tuple(
    whole,
    fc.nat(),
    fc.nat({ max: 3 }),
    fc.oneof(fc.constant(''), word, string, number, edge, fc.string({ maxLength: 3 })),
  )
  .map(([text, place, length, inserted]) => {
    const at = place % (text.length + 1)
    return `${text.slice(0, at)}${inserted}${text.slice(at + length)}`.toWellFormed()
  })

/** Texts that are literals, nearly literals, and no literals at all. */
export const pythonTexts: fc.Arbitrary<string> = fc.oneof({ arbitrary: whole, weight: 2 }, mutated)
