import { parseArgs } from 'node:util'
import { measureAppend } from './append.ts'
import { measureCommands } from './command.ts'
import { type Figure, table } from './figure.ts'
import { measureFollow } from './follow.ts'
import { measurePicker } from './picker.ts'
import { measurePlan } from './plan.ts'
import { measureReplay } from './replay.ts'
import { openWorld, type Plan, type World } from './world.ts'

const FULL: Plan = { rounds: 5, cellMs: 1_000, events: 60_000, connections: 50 }
const QUICK: Plan = { rounds: 5, cellMs: 250, events: 10_000, connections: 10 }

/** The replay comes first: it reads all that is there. */
const measures: Readonly<Record<string, (world: World) => Promise<Figure[]>>> = {
  replay: measureReplay,
  command: measureCommands,
  follow: measureFollow,
  append: measureAppend,
  picker: measurePicker,
  plan: measurePlan,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
})
const chosen = Object.entries(measures).filter(([name]) => positionals.length === 0 || positionals.includes(name))
const begun = performance.now()
const world = await openWorld(values.quick ? QUICK : FULL)
try {
  const figures: Figure[] = []
  for (const [name, measure] of chosen) {
    process.stderr.write(`Measuring ${name} ...\n`)
    figures.push(...(await measure(world)))
  }
  const { rounds } = world.plan
  const seconds = Math.round((performance.now() - begun) / 1000)
  process.stdout.write(`${table(figures)}
Ratios to the reference in the same round, medians of ${rounds} interleaved rounds; fsync on; ${seconds} s.
`)
} finally {
  await world.close()
}
