import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFetchCommit } from '../../../server/git/fetch-commit.ts'
import { sizeOf } from '../../../server/git/mirror.ts'
import { parseTrustedHosts } from '../../../server/providers/transport/trusted-hosts.ts'
import { bodyStream } from '../../simulators/body-stream.ts'
import { type GitHost, startGitHost } from '../git-host.ts'
import { RawRepository } from '../raw-repository.ts'

const MOST_BYTES = 20_000_000
let host: GitHost
let repository: RawRepository
let folder: string

beforeAll(async () => {
  host = await startGitHost('x')
  repository = await RawRepository.create()
  await repository.put({ a: 'a' })
  folder = await mkdtemp(join(tmpdir(), 'endless-'))
})
afterAll(async () => {
  await Promise.all([host, repository].map((part) => part[Symbol.asyncDispose]()))
  await rm(folder, { recursive: true, force: true })
})

/** A length-framed piece of a pack. */
function framed(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from((bytes.length + 5).toString(16).padStart(4, '0')), Buffer.from([1]), bytes])
}

/** A pack of one file of a terabyte, uncompressed. @see https://git-scm.com/docs/pack-format and RFC 1951, 3.2.4 */
async function* endlessPack() {
  yield Buffer.from('000dpackfile\n')
  yield framed(
    Buffer.concat([
      Buffer.from('PACK\0\0\0\u0002\0\0\0\u0001'),
      Buffer.from([0xb0, 0x80, 0x80, 0x80, 0x80, 0x40, 0x78, 0x01]),
    ]),
  )
  const block = Buffer.concat([Buffer.from([0x00, 0x00, 0x80, 0xff, 0x7f]), Buffer.alloc(0x8000)])
  for (;;) {
    yield framed(block)
    // The test must get a turn, too.
    await new Promise(setImmediate)
  }
}

test.each(['with', 'without'])('A file without an end is ended at the quota, %s prlimit', async (how) => {
  const bin = join(folder, how)
  await mkdir(bin)
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((place) => join(place, 'git'))
    .find((place) => existsSync(place))
  await symlink(found ?? '', join(bin, 'git'))
  let asked = 0
  const url = host.serve(`acme/${how}`, {
    path: repository.path,
    open: true,
    answer: () => {
      asked += 1
      const headers = { 'content-type': 'application/x-git-upload-pack-result' }
      return asked < 4 ? null : new Response(bodyStream(endlessPack()), { headers })
    },
  })
  const mirror = join(folder, `mirror-${how}`)
  const fetchCommit = createFetchCommit({
    ...{ trustedHosts: parseTrustedHosts('127.0.0.1'), ...(how === 'without' ? { path: bin } : {}) },
  })
  let peak = 0
  const looking = setInterval(async () => {
    peak = Math.max(peak, await sizeOf(mirror))
  }, 50)
  const outcome = await fetchCommit({
    ...{ url, username: 'x', password: 'x', mirror, want: { branch: 'main' } },
    limits: { mostBytes: MOST_BYTES, deadlineMs: 60_000 },
  })
  clearInterval(looking)
  expect(outcome.kind).toBe('too-large')
  expect(await sizeOf(mirror)).toBeLessThan(100_000)
  expect(peak).toBeGreaterThan(1_000_000)
  if (how === 'with') expect(peak).toBeLessThan(MOST_BYTES * 1.1)
})
