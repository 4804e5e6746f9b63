import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { runConfined } from '../../server/odoo/run-confined.ts'

// A process that holds secrets as a server does, in its environment, memory, open files, data folder and socket, and
// runs a command that must find none of them. Told on stdin what to do; hands on what the command writes.

const words = z.tuple([z.string()], z.string())
const orders = z.object({
  account: z.discriminatedUnion('is', [
    z.object({ is: z.literal('same') }),
    z.object({
      is: z.literal('dropped'),
      account: z.object({ name: z.string(), uid: z.number(), gid: z.number() }),
    }),
    z.object({ is: z.literal('prefixed'), prefix: words, uid: z.number() }),
  ]),
  namespace: z.boolean(),
  command: words,
  environment: z.record(z.string(), z.string()),
  dataDir: z.string(),
  targetsFile: z.string(),
  targets: z.record(z.string(), z.unknown()),
  /** By where each is kept. */
  canaries: z.record(z.string(), z.string()),
})

let text = ''
for await (const part of process.stdin) text += part
const { dataDir, targetsFile, targets, canaries, ...run } = orders.parse(JSON.parse(text))
const canary = (place: string) => canaries[place] ?? 'none'

for (const [name, place] of [
  ['master.key', 'key'],
  ['postgres.password', 'password'],
  ['postgres/cluster/base', 'cluster'],
  ['mirrors/acme.git/packed-refs', 'mirror'],
  ['held', 'descriptor'],
] as const) {
  const path = join(dataDir, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, canary(place), { mode: 0o600 })
}
// Reached through its descriptor only.
const held = await open(join(dataDir, 'held'))
await rm(join(dataDir, 'held'))
const memory = Buffer.from(canary('memory'))
const socket = join(dataDir, 'server.sock')
const mask = process.umask(0o177)
const server = createServer((client) => client.end(canary('socket')))
await new Promise<void>((listening) => server.listen(socket, listening))
process.umask(mask)
await writeFile(targetsFile, JSON.stringify({ ...targets, pid: process.pid, socket, dataDir, address: 4096 }))

const outcome = await runConfined({
  ...run,
  ...{ deadlineMs: 60_000, signal: new AbortController().signal },
  onLine: (_, line) => void process.stdout.write(`${line}\n`),
})
await held.close()
server.close()
process.stdout.write(`${JSON.stringify({ outcome, alive: memory.length })}\n`)
