import { createHash } from 'node:crypto'
import type { RepositoryModules } from '../server/modules/available-modules.ts'
import { findModules } from '../server/modules/find-modules.ts'
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

/** From the list of files to the plan: modules found, manifests read, order made; beside the same facts as plain JSON. */
export async function measurePlan({ plan }: World): Promise<Figure[]> {
  const series = parseSeries('17.0')
  if (!series) throw new Error('no series')
  const sources = Array.from({ length: MODULES }, (_, n) => sourceOf(n))
  const entries = sources.flatMap(({ name, manifest }) => filesOf(name, manifest))
  const json = sources.map(({ facts }) => JSON.stringify(facts))
  const times: number[] = []
  const rounds = await interleave(plan.rounds, {
    plan: async () => {
      const taken = repeat(plan.cellMs, () => planAll(entries, sources, series))
      times.push(...taken)
      return median(taken)
    },
    json: async () => median(repeat(plan.cellMs, () => json.map((text): unknown => JSON.parse(text)))),
  })
  const ratio = median(rounds.plan.map((ms, round) => ms / (rounds.json[round] ?? Number.NaN)))
  const more = ` (half ${median(times).toFixed(1)} ms, ${ratio.toFixed(0)} times parsing their manifests as JSON)`
  const what = `planning ${MODULES.toLocaleString('en')} modules of ${entries.length.toLocaleString('en')} files, 95 %`
  return [atMost(what, GOAL_MS, quantile(times, 0.95), ' ms', more)]
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

function planAll(entries: readonly TreeEntry[], sources: readonly Source[], series: Series): void {
  const found = findModules({ repository: 'acme/many', entries, submodulePaths: [] }, series)
  const manifests: RepositoryModules['manifests'] = new Map(
    sources.map(({ name, manifest }) => [name, readManifest(manifest, { folder: name, series })]),
  )
  const repositories = [{ repository: 'acme/many', found, manifests }]
  const outcome = planInstall({ repositories, selection: 'all', odoo: null, installed: null })
  if (outcome.is === 'refused') throw new Error(outcome.problems[0]?.message)
}

/** Does it at least once, and on until the time is over; milliseconds of each. */
function repeat(lengthMs: number, act: () => void): number[] {
  const taken: number[] = []
  for (const until = performance.now() + lengthMs; taken.length === 0 || performance.now() < until; ) {
    const begun = performance.now()
    act()
    taken.push(performance.now() - begun)
  }
  return taken
}
