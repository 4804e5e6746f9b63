import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type EventDefinition, eventsByStream } from '@git-connections/events'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const ROOMS = ['events', 'projections', 'server', 'client', 'test', 'bench', 'docs', '.ci']
const SOURCE_LINES = 250
const TEST_LINES = 400

const files = listed(ROOT)
const sources = files.filter((file) => /[.](ts|tsx|mjs|css)$/.test(file))
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const isTest = (file: string) => /[.]test[.]tsx?$/.test(file)

/** The project's own files, without what is installed, built or stored by running it. */
function listed(folder: string, prefix = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`
    if (/^(node_modules|dist|coverage|[.]git|data)$/.test(entry.name)) return []
    return entry.isDirectory() ? listed(join(folder, entry.name), `${path}/`) : [path]
  })
}

/** The places where a pattern stands, as `file:line`. */
function found(pattern: RegExp, where: (file: string) => boolean): string[] {
  return sources.filter(where).flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  )
}

describe('the house', () => {
  it(`has no source file of more than ${SOURCE_LINES} lines, no test of more than ${TEST_LINES}`, () => {
    const long = sources.filter(
      (file) => read(file).split('\n').length - 1 > (isTest(file) ? TEST_LINES : SOURCE_LINES),
    )
    expect(long).toEqual([])
  })

  it('has no drawer: every file is named after what it holds', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|shared|managers?|services?|types|constants)([.]tsx?|\/)/
    expect(sources.filter((file) => drawers.test(file))).toEqual([])
  })

  it('has index files only as the face of a package', () => {
    const faces = [
      'events',
      'events/store',
      'projections',
      'projections/replay',
      'server',
      'server/providers',
      'client',
    ]
    const inner = sources.filter(
      (file) => /(^|\/)index[.]tsx?$/.test(file) && !faces.includes(file.replace(/\/[^/]*$/, '')),
    )
    expect(inner).toEqual([])
  })

  it('decides and folds without clock, chance, network or environment', () => {
    const impure =
      /\bnew Date\(\)|\bDate\.now\b|\bperformance\.|\bMath\.random\b|\brandomUUID\b|\bfetch\(|\bprocess\.|\bsetTimeout\b|\bsetInterval\b/
    const pure = /^events\/(?!store\/)[^/]+\/|^events\/[^/]+$|^projections\/(?!runner[.]ts)[^/]+$/
    expect(found(impure, (file) => pure.test(file) && !isTest(file))).toEqual([])
  })

  it('writes to the console only where a person looks at one', () => {
    const spoken = /^server\/(launch[.]mjs|cli\/)|^test\/simulators\/run[.]ts$|^bench\//
    expect(found(/\bconsole\./, (file) => !spoken.test(file) && !isTest(file))).toEqual([])
  })

  it('reads the environment in one place of the server', () => {
    const readers =
      /^server\/(launch[.]mjs|config[.]ts|main[.]ts|cli\/open[.]ts)$|^test\/|^bench\/|^client\/vite[.]config[.]ts$/
    expect(found(/\bprocess\.env\b(?!\.PATH\b)/, (file) => !readers.test(file) && !isTest(file))).toEqual([])
  })

  it('gives no type up', () => {
    expect(
      found(
        /\bas any\b|: any\b|<any>|\bas unknown as\b|@ts-(ignore|nocheck|expect-error)/,
        (file) => !file.startsWith('test/house'),
      ),
    ).toEqual([])
  })

  it('skips no test without saying why', () => {
    expect(found(/\b(it|test|describe)\.(skip|only|todo)\b/, isTest)).toEqual([])
  })
})

describe('what the documents name', () => {
  const documents = files.filter((file) => file === 'README.md' || /^docs\/.*[.]md$/.test(file))

  it.each(documents)('%s names files that exist', (document) => {
    const text = read(document)
    const quoted = [...text.matchAll(/`([^`\s*{}<>]+)`/g)].map(([, path = '']) => path)
    const linked = [...text.matchAll(/\]\(([^)#:\s]+)\)/g)].map(([, path = '']) => path)
    const paths = quoted.filter((path) => ROOMS.some((room) => path.startsWith(`${room}/`)))
    const here = document.includes('/') ? document.replace(/[^/]*$/, '') : ''
    const missing = [
      ...paths.filter((path) => !existsSync(join(ROOT, path))),
      ...linked.filter((path) => !existsSync(join(ROOT, here, path))),
    ]
    expect(missing).toEqual([])
  })

  it('README.md names scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = [...read('README.md').matchAll(/\bnpm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

const streams: Record<string, readonly EventDefinition[]> = eventsByStream

describe('the stored events', () => {
  it('of every stream type are looked at here', () => {
    const folders = files.flatMap((file) => /^events\/([^/]+)\/events[.]ts$/.exec(file)?.[1] ?? [])
    expect(Object.keys(streams).sort()).toEqual(folders.sort())
  })

  // Whether they can be read is tested beside the events.
  it('have a fixture for each event and version, and for no other', () => {
    const expected = Object.entries(streams).flatMap(([stream, definitions]) =>
      definitions.flatMap(({ type, version }) =>
        Array.from({ length: version }, (_, index) => `events/${stream}/fixtures/${type}.v${index + 1}.json`),
      ),
    )
    expect(files.filter((file) => /^events\/[^/]+\/fixtures\//.test(file)).sort()).toEqual(expected.sort())
  })
})
