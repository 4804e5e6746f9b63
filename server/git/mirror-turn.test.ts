import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { processIdentity } from '../database/process-identity.ts'
import { inTurn } from './mirror-turn.ts'

const patience = { patienceMs: 15_000 }
let mirror: string

beforeEach(async () => {
  mirror = await mkdtemp(join(tmpdir(), 'turns-'))
})
afterEach(() => rm(mirror, { recursive: true, force: true }))

describe('turns at a mirror', () => {
  test('come one after the other, in the order that they were asked for', async () => {
    const seen: string[] = []
    const act = (name: string) =>
      inTurn(mirror, patience, async () => {
        seen.push(`${name} begins`)
        await new Promise(setImmediate)
        seen.push(`${name} ends`)
      })
    await Promise.all([act('a'), act('b'), act('c')])
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
    expect(await readdir(mirror)).toEqual([])
  })

  test('are given on when an action fails', async () => {
    await expect(inTurn(mirror, patience, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await inTurn(mirror, patience, async () => 1)).toEqual({ is: 'had', result: 1 })
  })

  test('are waited for while another process has one, and no longer than it lives', async () => {
    const other = spawn('sleep', ['60'])
    if (!other.pid) throw new Error('sleep did not start')
    await writeFile(join(mirror, `turn.${other.pid}.${await processIdentity(other.pid)}.aaaaaaaa`), '')
    expect(await inTurn(mirror, { patienceMs: 300 }, async () => 1)).toEqual({ is: 'crowded' })
    const stop = new AbortController()
    const stopped = inTurn(mirror, { ...patience, signal: stop.signal }, async () => 1)
    stop.abort()
    expect(await stopped).toEqual({ is: 'stopped' })
    const waiting = inTurn(mirror, patience, async () => 1)
    other.kill('SIGKILL')
    expect(await waiting).toEqual({ is: 'had', result: 1 })
  })

  test('are not taken by a number that another process has now', async () => {
    await writeFile(join(mirror, `turn.${process.pid}.12345.aaaaaaaa`), '')
    expect(await inTurn(mirror, patience, async () => 1)).toEqual({ is: 'had', result: 1 })
  })
})
