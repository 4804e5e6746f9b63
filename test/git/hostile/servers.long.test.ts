import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFetchCommit, type FetchOutcome } from '../../../server/git/fetch-commit.ts'
import { sizeOf } from '../../../server/git/mirror.ts'
import { FLUSH, pktLine } from '../../../server/git/pkt-line.ts'
import { parseTrustedHosts } from '../../../server/providers/transport/trusted-hosts.ts'
import { bodyStream } from '../../simulators/body-stream.ts'
import { type GitHost, startGitHost } from '../git-host.ts'
import { RawRepository } from '../raw-repository.ts'

const password = 'canary-token-servers'
const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
const CLAIMED = 'fedcba9876'.repeat(4)
const result = { 'content-type': 'application/x-git-upload-pack-result' }
const advertised = { 'content-type': 'application/x-git-upload-pack-advertisement' }
let host: GitHost
let elsewhere: GitHost
let repository: RawRepository
let folder: string
let count = 0
let survived = 0

beforeAll(async () => {
  host = await startGitHost(password)
  elsewhere = await startGitHost(password)
  repository = await RawRepository.create()
  await repository.put({ a: 'a' })
  folder = await mkdtemp(join(tmpdir(), 'servers-'))
})
afterAll(async () => {
  await Promise.all([host, elsewhere, repository].map((part) => part[Symbol.asyncDispose]()))
  await rm(folder, { recursive: true, force: true })
  process.stdout.write(`hostile servers: ${survived} of ${SERVERS.length} survived\n`)
})

/** The requests of a fetch in their order: our own question, git's greeting, git's question, git's fetch. */
type Step = 'ask' | 'greet' | 'list' | 'fetch'
const STEPS: readonly Step[] = ['ask', 'greet', 'list', 'fetch']
type Answer = (step: Step) => Response | Promise<Response> | null

const at =
  (wanted: Step, answer: () => Response | Promise<Response>): Answer =>
  (step) =>
    step === wanted ? answer() : null
const never = () => new Promise<Response>(() => {})
const sideband = (text: string) => pktLine(`\u0002${text}`)

function* endlessly(piece: string) {
  for (;;) yield piece
}

/** Progress without end, as fast as it is read. */
function* progress() {
  yield pktLine('packfile\n')
  for (let at = 0; ; at++) yield sideband(`\u001b[31mCounting ${at} ${password}\r`)
}

async function* slowly(text: string) {
  for (const letter of text) {
    yield letter
    await new Promise((later) => setTimeout(later, 200).unref())
  }
}

const SERVERS: readonly (readonly [string, Answer, Partial<FetchOutcome>])[] = [
  ['never answers the first question', at('ask', never), { kind: 'unreachable' }],
  ['never answers the greeting', at('greet', never), { kind: 'unreachable' }],
  ['never sends what was asked for', at('fetch', never), { kind: 'unreachable' }],
  [
    'drips',
    at('ask', () => new Response(bodyStream(slowly('0'.repeat(1000))), { headers: result })),
    { kind: 'unreachable' },
  ],
  [
    'reports progress without an end',
    at('fetch', () => new Response(bodyStream(progress()), { headers: result })),
    { kind: 'unreachable' },
  ],
  [
    'sends garbage as a pack',
    at('fetch', () => new Response('PACK\0\0\0\u0002garbage', { headers: result })),
    { kind: 'unreachable' },
  ],
  [
    'sends a pack of garbage in the right frame',
    at(
      'fetch',
      () =>
        new Response(pktLine('packfile\n') + pktLine('\u0001PACK\0\0\0\u0002\0\0\0\u0001zz') + FLUSH, {
          headers: result,
        }),
    ),
    { kind: 'unreachable' },
  ],
  [
    'sends a page of HTML',
    () => new Response('<html><body>Sign in</body></html>', { headers: { 'content-type': 'text/html' } }),
    { kind: 'unreachable' },
  ],
  [
    'lists branches without an end',
    (step) =>
      step === 'ask' || step === 'list'
        ? new Response(bodyStream(endlessly(pktLine(`${CLAIMED} refs/heads/main-x\n`).repeat(500))), {
            headers: result,
          })
        : null,
    { kind: 'unreachable' },
  ],
  [
    'greets without an end',
    at(
      'greet',
      () =>
        new Response(bodyStream(endlessly(pktLine(`# service=git-upload-pack\n`).repeat(500))), {
          headers: advertised,
        }),
    ),
    { kind: 'unreachable' },
  ],
  [
    'sends a gzip bomb',
    (step) =>
      step === 'ask' || step === 'list'
        ? new Response(gzipSync(Buffer.alloc(50_000_000)), { headers: { ...result, 'content-encoding': 'gzip' } })
        : null,
    { kind: 'unreachable' },
  ],
  [
    'breaks off in the middle',
    at('fetch', () => new Response(`${pktLine('packfile\n')}00ff\u0001PACK`, { headers: result })),
    { kind: 'unreachable' },
  ],
  [
    'sends us elsewhere',
    () => Response.redirect(`${elsewhere.url}/acme/x.git/info/refs`, 302),
    { kind: 'refused', reason: 'redirect' },
  ],
  [
    'sends git elsewhere',
    at('greet', () => Response.redirect(`${elsewhere.url}/acme/x.git/info/refs`, 302)),
    { kind: 'refused' },
  ],
  [
    'claims a commit that it has not',
    at('ask', () => new Response(pktLine(`${CLAIMED} refs/heads/main\n`) + FLUSH, { headers: result })),
    { kind: 'fetched' },
  ],
  [
    'claims a branch of another name only',
    at('ask', () => new Response(pktLine(`${CLAIMED} refs/heads/main2\n`) + FLUSH, { headers: result })),
    { kind: 'refused' },
  ],
  [
    'answers with an error of many colours',
    (step) =>
      new Response(pktLine('ERR \u001b[31mno\u001b]0;title\u0007 \u202e') + FLUSH, {
        headers: step === 'greet' ? advertised : result,
      }),
    { kind: 'unreachable' },
  ],
  ['asks for a pause', () => new Response('slow down', { status: 429 }), { kind: 'unreachable' }],
  ['is out of order', () => new Response('', { status: 503 }), { kind: 'unreachable' }],
  [
    'wants another credential',
    () => new Response('no', { status: 401, headers: { 'www-authenticate': 'Negotiate' } }),
    { kind: 'refused', reason: 'credential' },
  ],
]

describe('a git server that', () => {
  test.each(SERVERS)('%s does no harm', async (_, answer, told) => {
    count += 1
    let asked = 0
    const url = host.serve(`acme/s${count}`, {
      path: repository.path,
      answer: () => {
        const step = STEPS[asked] ?? 'fetch'
        asked += 1
        return answer(step)
      },
      open: true,
    })
    const mirror = join(folder, `m${count}`)
    const limits = { deadlineMs: told.kind === 'unreachable' ? 1_500 : 15_000, mostBytes: 30_000_000 }
    const lines: string[] = []
    const onProgress = (line: string) => void lines.push(line)
    const outcome = await fetchCommit({
      url,
      username: 'x',
      password,
      mirror,
      want: { branch: 'main' },
      limits,
      onProgress,
    })
    expect(outcome).toMatchObject(told)
    const spoken = JSON.stringify([outcome, lines])
    expect(lines.length).toBeLessThanOrEqual(5_000)
    expect(spoken).not.toContain(password)
    expect(spoken).not.toMatch(/\\u00|\u202e/)
    expect(elsewhere.requests).toEqual([])
    expect(await sizeOf(mirror)).toBeLessThan(100_000)
    expect(await readdir(join(mirror, 'objects/pack'))).toHaveLength(outcome.kind === 'fetched' ? 2 : 0)
    await expect.poll(() => processesWith(url)).toEqual([])
    survived += 1
  })
})

/** The command lines of living processes that name a text. */
async function processesWith(text: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(text))
}
