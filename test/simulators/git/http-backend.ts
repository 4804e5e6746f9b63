import { spawn } from 'node:child_process'
import { basename, dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { bodyStream } from '../body-stream.ts'
import type { Arrival } from '../origin.ts'
import { GIT_ENVIRONMENT } from './run-git.ts'

/** What git asks for over HTTP, below the repository's own address. */
export type GitService = 'info/refs' | 'git-upload-pack'

/**
 * Lets the real `git http-backend` answer.
 * @param path the bare repository
 * @param givesAnyCommit false is a server that gives only what its refs lead to at once
 * @see https://git-scm.com/docs/git-http-backend and RFC 3875 (CGI)
 */
export async function gitHttpBackend(
  path: string,
  service: GitService,
  { incoming, outgoing }: Arrival,
  { givesAnyCommit = true }: { readonly givesAnyCommit?: boolean } = {},
): Promise<Response> {
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...GIT_ENVIRONMENT,
      GIT_PROJECT_ROOT: dirname(path),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${basename(path)}/${service}`,
      QUERY_STRING: (incoming.url ?? '').split('?')[1] ?? '',
      REQUEST_METHOD: incoming.method ?? 'GET',
      CONTENT_TYPE: incoming.headers['content-type'] ?? '',
      CONTENT_LENGTH: incoming.headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: incoming.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(incoming.headers['git-protocol'] ?? ''),
      REMOTE_ADDR: '127.0.0.1',
      // A system-wide owner check would refuse a folder that another user made.
      GIT_CONFIG_COUNT: '3',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_KEY_1: 'uploadpack.allowFilter',
      GIT_CONFIG_VALUE_1: 'true',
      GIT_CONFIG_KEY_2: 'uploadpack.allowAnySHA1InWant',
      GIT_CONFIG_VALUE_2: String(givesAnyCommit),
    },
  })
  outgoing.once('close', () => child.kill())
  child.stdin.on('error', () => {})
  incoming.pipe(child.stdin)
  const { head, rest } = await readHead(child.stdout)
  const headers = new Headers(head.map(([name, value]) => [name, value]))
  const status = Number(headers.get('status')?.slice(0, 3) ?? 200)
  headers.delete('status')
  return new Response(bodyStream(rest), { status, headers })
}

/** Splits a CGI answer into its headers and what follows them. */
async function readHead(stdout: Readable): Promise<{ head: [string, string][]; rest: AsyncIterable<Buffer> }> {
  const chunks = stdout[Symbol.asyncIterator]()
  let seen = Buffer.alloc(0)
  for (;;) {
    const end = seen.indexOf('\r\n\r\n')
    if (end >= 0) {
      const lines = seen.subarray(0, end).toString('latin1').split('\r\n')
      const head = lines.map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon), line.slice(colon + 1).trim()]
      })
      return { head, rest: following(seen.subarray(end + 4), chunks) }
    }
    const { value, done } = await chunks.next()
    if (done) throw new Error('git http-backend gave no answer.')
    seen = Buffer.concat([seen, value])
  }
}

async function* following(first: Buffer, chunks: AsyncIterator<Buffer>) {
  if (first.length > 0) yield first
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
}
