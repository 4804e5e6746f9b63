import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { findWay, type Guard, type Way } from '../providers/transport/connector.ts'
import { failureOf, TransportError } from '../providers/transport/failure.ts'
import type { TrustedHosts } from '../providers/transport/trusted-hosts.ts'
import { gitProblem } from './git-version.ts'

const LONGEST_ADDRESS = 2_000

/** A place that one git may speak to, and what opens it. */
export interface Remote {
  readonly target: URL
  readonly username: string
  readonly password: string
  readonly way: Way
  /** The file of the authorities that git is to trust; null for the system's own. */
  readonly bundle: string | null
  /** An empty folder of its own. */
  readonly home: string
}

/** Where git may go, and where it is looked for. */
export interface RemoteOptions extends Guard {
  readonly path?: string
  /** A certificate authority (PEM) that is trusted beside the public ones. */
  readonly authority?: string | null
}

/** Why there was no asking. */
export type NoRemote = { kind: 'unreachable'; text: string } | { kind: 'no-git'; text: string }

type Asked = { readonly url: string; readonly username: string; readonly password: string }

/** The address as git may have it; or why it may not, in a sentence. */
export function targetOf(url: string, trustedHosts: TrustedHosts): URL | string {
  const target = url.length > LONGEST_ADDRESS ? null : URL.parse(url)
  if (!target || target.username || target.password || target.search || target.hash) {
    return 'The address of the repository cannot be used.'
  }
  const plain = target.protocol === 'http:' && trustedHosts.includes(target)
  return target.protocol === 'https:' || plain ? target : 'Only https is used for git.'
}

/** Finds the way to a repository and lends it, with a home for git that is removed afterwards. */
export async function withRemote<Result>(
  options: RemoteOptions,
  { url, username, password }: Asked,
  use: (remote: Remote) => Promise<Result>,
): Promise<Result | NoRemote> {
  const target = targetOf(url, options.trustedHosts)
  if (typeof target === 'string') return { kind: 'unreachable', text: target }
  // The pipe to git's question has a line for each.
  if (/[\r\n\0]/.test(username + password)) return { kind: 'unreachable', text: 'The credential cannot be used.' }
  const problem = await gitProblem(options.path ?? process.env.PATH ?? '')
  if (problem) return { kind: 'no-git', text: problem }
  try {
    const way = await findWay(target, options).catch((error: unknown) => {
      throw new TransportError(failureOf(error, { host: target.host, sent: false }))
    })
    const home = await mkdtemp(join(tmpdir(), 'git-connections-'))
    try {
      const authorities = join(home, 'authorities.pem')
      if (options.authority) await writeFile(authorities, [...rootCertificates, options.authority].join('\n'))
      const bundle = options.authority ? authorities : null
      return await use({ target, username, password, way, bundle, home })
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  } catch (error) {
    if (error instanceof TransportError) return { kind: 'unreachable', text: error.message }
    throw error
  }
}
