import { describe, expect, test } from 'vitest'
import { splitCommand } from './command-words.ts'

describe('a command in a setting', () => {
  for (const [text, words] of [
    ['/opt/odoo/odoo-bin', ['/opt/odoo/odoo-bin']],
    [
      '/opt/odoo/venv/bin/python /opt/odoo/odoo-bin -c /etc/odoo.conf',
      ['/opt/odoo/venv/bin/python', '/opt/odoo/odoo-bin', '-c', '/etc/odoo.conf'],
    ],
    ['  odoo   -c\t/etc/odoo.conf ', ['odoo', '-c', '/etc/odoo.conf']],
    ["odoo --db-filter='^(a|b)$'", ['odoo', '--db-filter=^(a|b)$']],
    ['odoo -c "/etc/my odoo.conf"', ['odoo', '-c', '/etc/my odoo.conf']],
    ['odoo -c /etc/my\\ odoo.conf', ['odoo', '-c', '/etc/my odoo.conf']],
    ["odoo ''", ['odoo', '']],
    ['sudo -n -u odoo --', ['sudo', '-n', '-u', 'odoo', '--']],
  ] as const) {
    test(`is split as a shell would: ${text}`, () => {
      expect(splitCommand(text)).toEqual({ is: 'words', words })
    })
  }

  for (const text of [
    'odoo; rm -rf /',
    'odoo | tee log',
    'odoo $(id)',
    'odoo `id`',
    'odoo > log',
    'odoo < in',
    'odoo && id',
    'odoo & id',
    'odoo $HOME',
    'odoo "$HOME"',
    'odoo "`id`"',
    'odoo *',
    'odoo a?',
    'odoo # comment',
    'odoo\nid',
    '(odoo)',
    "odoo 'a' ; 'b'",
  ]) {
    test(`is refused where only a shell could carry it out: ${JSON.stringify(text)}`, () => {
      expect(splitCommand(text)).toMatchObject({ is: 'refused', mend: expect.stringContaining('without a shell') })
    })
  }

  for (const [text, mend] of [
    ['odoo "a', 'close it'],
    ["odoo 'a", 'close it'],
    ['odoo \\', 'close it'],
    ['', 'must name a program'],
    ['   ', 'must name a program'],
    ["''", 'must name a program'],
    ['odoo \0', 'NUL'],
  ] as const) {
    test(`is refused with its mend: ${JSON.stringify(text)}`, () => {
      expect(splitCommand(text)).toMatchObject({ is: 'refused', mend: expect.stringContaining(mend) })
    })
  }
})
