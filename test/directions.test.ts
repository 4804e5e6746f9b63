import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = resolve(import.meta.dirname, '..')
const ROOMS = ['events', 'projections', 'server', 'client', 'test', 'bench']

/** For each rule a file, and an import in it that breaks the rule. */
const PLANTED: Record<string, [file: string, imported: string]> = {
  'events-import-nothing-of-ours': ['events/store/read.ts', '../../server/shell.ts'],
  'projections-import-events-only': ['projections/runner.ts', '../server/shell.ts'],
  'client-imports-types-of-server-only': ['client/api.ts', '../server/shell.ts'],
  'client-knows-no-log': ['client/live.ts', '../events/event.ts'],
  'nothing-imports-client': ['server/http/page.ts', '../../client/clean.ts'],
  'domain-is-pure': ['events/connection/clock.ts', 'node:crypto'],
  'domain-needs-zod-only': ['events/connection/query.ts', 'kysely'],
  'streams-stay-apart': ['events/connection/key.ts', '../organization/events.ts'],
  'store-knows-no-stream': ['events/store/append.ts', '../connection/events.ts'],
  'only-commands-append': ['server/jobs/sweep.ts', '../../events/store/append.ts'],
  'vault-has-one-door': ['server/commands/peek.ts', '../vault/seal.ts'],
  'only-the-broker-opens': ['server/commands/open.ts', '../vault/open-credential.ts'],
  'commands-know-no-caller': ['server/commands/call.ts', '../api/router.ts'],
  'tools-know-no-story': ['server/providers/tell.ts', '../commands/clean.ts'],
  'callers-stay-apart': ['server/jobs/reach.ts', '../api/router.ts'],
  'start-is-the-top': ['server/http/again.ts', '../start.ts'],
  'launch-needs-nothing': ['server/launch.mjs', 'kysely'],
  'tests-are-not-imported': ['server/log.ts', '../test/simulators/clean.ts'],
  'no-cycles': ['server/git/chicken.ts', './egg.ts'],
  'everything-resolves': ['server/git/lost.ts', './nowhere.ts'],
}

/** What the planted files reach for, and imports that look alike and are allowed. */
const CLEAN: Record<string, string> = {
  'events/event.ts': '',
  'events/connection/events.ts': `import 'zod'\nimport '../event.ts'`,
  'events/organization/events.ts': '',
  'projections/list.ts': `import '../events/event.ts'`,
  'server/api/router.ts': `import '../commands/clean.ts'`,
  'server/commands/clean.ts': `import '../../events/store/append.ts'\nimport '../vault/vault.ts'`,
  'server/main.ts': `import './start.ts'`,
  'server/shell.ts': '',
  'server/start.ts': '',
  'server/vault/vault.ts': `import './seal.ts'`,
  'server/vault/seal.ts': `import 'node:crypto'`,
  'server/vault/open-credential.ts': `import './seal.ts'`,
  'server/broker/broker.ts': `import '../vault/open-credential.ts'`,
  'server/git/egg.ts': `import './chicken.ts'`,
  'server/git/type-egg.ts': `import type { Chicken } from './type-chicken.ts'\nexport type Egg = Chicken`,
  'server/git/type-chicken.ts': `import { type Egg } from './type-egg.ts'\nexport type Chicken = Egg`,
  'client/clean.ts': `import type { Shell } from '../server/shell.ts'\nexport type { Shell }`,
  'test/simulators/clean.ts': '',
  'bench/run.ts': `import '../events/store/append.ts'\nimport '../server/shell.ts'`,
  'node_modules/kysely/index.js': '',
  'node_modules/zod/index.js': '',
}

const report = z.object({
  summary: z.object({
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string() })) }),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
})

let summary: z.infer<typeof report>['summary']
let tree: string

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'git-connections-directions-'))
  const planted = Object.values(PLANTED).map(([file, imported]) => [file, `import '${imported}'`])
  for (const [file = '', text = ''] of [...Object.entries(CLEAN), ...planted]) {
    await mkdir(dirname(join(tree, file)), { recursive: true })
    await writeFile(join(tree, file), text)
  }
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const args = [program, '--config', join(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json', ...ROOMS]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: tree, maxBuffer: 10_000_000 })
  summary = report.parse(JSON.parse(stdout)).summary
})

afterAll(() => rm(tree, { recursive: true, force: true }))

describe('the rules of direction', () => {
  it.each(Object.entries(PLANTED))('%s bites on a planted import', (rule, [file]) => {
    expect(summary.violations).toContainEqual(
      expect.objectContaining({ from: file, rule: expect.objectContaining({ name: rule }) }),
    )
  })

  it('leave everything else alone', () => {
    const files = new Set(summary.violations.map(({ from }) => from))
    expect([...files].sort()).toEqual(
      Object.values(PLANTED)
        .map(([file]) => file)
        .sort(),
    )
  })

  it('are each tried here', () => {
    const names = summary.ruleSetUsed.forbidden.map(({ name }) => name)
    expect(Object.keys(PLANTED).sort()).toEqual(names.sort())
  })
})
