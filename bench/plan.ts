import { createHash } from 'node:crypto'
import type { RepositoryModules } from '../server/modules/available-modules.ts'
import { type FoundModules, findModules } from '../server/modules/find-modules.ts'
import { readManifest } from '../server/modules/manifest.ts'
import { planInstall } from '../server/modules/plan.ts'
import { parseSeries, type Series } from '../server/modules/series.ts'
import type { TreeEntry } from '../server/modules/source-tree.ts'
import { atMost, type Figure } from './figure.ts'
import { interleave, median, quantile } from './rounds.ts'
import type { World } from './world.ts'

const MODULES = 2_000
const FILES_EACH = 40
const GOAL_MS = 200

/** Finding modules among files, reading their manifests, and planning; each beside the same manifests as plain JSON. */
export async function measurePlan({ plan }: World): Promise<Figure[]> {
  const series = parseSeries('17.0')
  if (!series) throw new Error('no series')
  const sources = Array.from({ length: MODULES }, (_, n) => sourceOf(n))
  const entries = sources.flatMap(({ name, manifest }) => filesOf(name, manifest))
  const json = sources.map(({ facts }) => JSON.stringify(facts))
  const found = find(entries, series)
  const manifests = read(sources, series)
  const planned: number[] = []
  const cell = (act: () => unknown) => async () => median(repeat(plan.cellMs, act))
  const rounds = await interleave(plan.rounds, {
    plan: async () => {
      const taken = repeat(plan.cellMs, () => order(found, manifests))
      planned.push(...taken)
      return median(taken)
    },
    ...{ find: cell(() => find(entries, series)), read: cell(() => read(sources, series)) },
    json: cell(() => json.map((text): unknown => JSON.parse(text))),
  })
  const beside = (name: 'find' | 'read' | 'plan') => {
    const ratio = median(rounds[name].map((ms, round) => ms / (rounds.json[round] ?? Number.NaN)))
    return `${median(rounds[name]).toFixed(1)} ms, ${ratio.toFixed(1)} times parsing JSON`
  }
  const [files, modules] = [entries.length, MODULES].map((count) => count.toLocaleString('en'))
  return [
    { what: `finding ${modules} modules among ${files} files`, goal: '', measured: beside('find'), met: null },
    { what: `reading ${modules} manifests`, goal: '', measured: beside('read'), met: null },
    atMost(`planning ${modules} modules, 95 %`, GOAL_MS, quantile(planned, 0.95), ' ms', ` (half ${beside('plan')})`),
  ]
}

interface Source {
  readonly name: string
  readonly manifest: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** A manifest as modules have them, with a comment, joined strings and a dozen data files. */
function sourceOf(n: number): Source {
  const depends = n < 10 ? ['web'] : [`module_${n % 10}`, `module_${Math.floor(n / 2)}`, 'base']
  const data = Array.from({ length: 12 }, (_, at) => `views/view_${at}.xml`)
  const facts = { name: `Module ${n}`, version: '17.0.1.0.0', depends, data, installable: true, license: 'AGPL-3' }
  const lines = Object.entries(facts).map(([key, value]) => `    "${key}": ${pythonOf(value)},  # ${key}\n`)
  return { name: `module_${n}`, facts, manifest: `# Copyright 2026 Acme\n{\n${lines.join('')}}\n` }
}

function pythonOf(value: unknown): string {
  return value === true ? 'True' : JSON.stringify(value)
}

function filesOf(name: string, manifest: string): TreeEntry[] {
  const paths = ['__manifest__.py', ...Array.from({ length: FILES_EACH - 1 }, (_, at) => `models/file_${at}.py`)]
  return paths.map((path) => ({
    ...{ kind: 'file', path: `${name}/${path}`, size: manifest.length, executable: false },
    object: createHash('sha1').update(`${name}/${path}`).digest('hex'),
  }))
}

function find(entries: readonly TreeEntry[], series: Series): FoundModules {
  return findModules({ repository: 'acme/many', entries, submodulePaths: [] }, series)
}

function read(sources: readonly Source[], series: Series): RepositoryModules['manifests'] {
  return new Map(sources.map(({ name, manifest }) => [name, readManifest(manifest, { folder: name, series })]))
}

function order(found: FoundModules, manifests: RepositoryModules['manifests']): void {
  const repositories = [{ repository: 'acme/many', found, manifests }]
  const outcome = planInstall({ repositories, selection: 'all', odoo: null, installed: null })
  if (outcome.is === 'refused') throw new Error(outcome.problems[0]?.message)
}

/** Does it at least once, and on until the time is over; milliseconds of each. */
function repeat(lengthMs: number, act: () => unknown): number[] {
  const taken: number[] = []
  for (const until = performance.now() + lengthMs; taken.length === 0 || performance.now() < until; ) {
    const begun = performance.now()
    act()
    taken.push(performance.now() - begun)
  }
  return taken
}
