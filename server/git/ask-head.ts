import { TransportError } from '../providers/transport/failure.ts'
import type { GuardedFetch } from '../providers/transport/guarded-fetch.ts'
import { cleanWords } from './git-words.ts'
import { isObjectId } from './object-id.ts'
import { DELIMITER, FLUSH, pktLine, readPktLines } from './pkt-line.ts'
import { type RefusalReason, refusalOf } from './refusal.ts'

/** What a server said of a branch. */
export type Head =
  | { readonly is: 'at'; readonly commit: string }
  | { readonly is: 'gone' }
  | { readonly is: 'refused'; readonly reason: RefusalReason; readonly text: string }
  | { readonly is: 'unreachable'; readonly text: string }
  /** The answer is none of this protocol; git itself may know better. */
  | { readonly is: 'unclear' }

const PAGE = 'The address answers with a web page, not as a git server. Look whether a sign-in page stands before it.'

interface Asking {
  readonly target: URL
  readonly username: string
  readonly password: string
  readonly branch: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks for the commit of one branch in one request, which git itself does in three: `ls-refs` of protocol 2, which needs
 * no greeting before it over HTTP where the client takes the defaults.
 * @see https://git-scm.com/docs/protocol-v2
 */
export async function askHead(fetch: GuardedFetch, asking: Asking): Promise<Head> {
  const { target, username, password, branch, signal } = asking
  const ref = `refs/heads/${branch}`
  try {
    const response = await fetch(`${target.href.replace(/\/$/, '')}/git-upload-pack`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        'content-type': 'application/x-git-upload-pack-request',
        accept: 'application/x-git-upload-pack-result',
        'git-protocol': 'version=2',
      },
      body: pktLine('command=ls-refs\n') + DELIMITER + pktLine(`ref-prefix ${ref}\n`) + FLUSH,
      ...(signal ? { signal } : {}),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    if (response.status !== 200) return refusedBy(response.status, bytes.toString('utf8'))
    const type = response.headers.get('content-type') ?? ''
    // git would take a page for a repository of the old kind, without a branch.
    if (/^text\/html\b/.test(type)) return { is: 'unreachable', text: PAGE }
    if (type !== 'application/x-git-upload-pack-result') return { is: 'unclear' }
    return headIn(bytes, ref)
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    return error.failure.kind === 'too-large' ? { is: 'unclear' } : { is: 'unreachable', text: error.message }
  }
}

/** Reads `<object id> <ref>` lines; anything else in them is another protocol, or an error. */
function headIn(bytes: Buffer, ref: string): Head {
  const lines = readPktLines(bytes)?.map((line) => line.split(' ')) ?? null
  if (lines === null || !lines.every(([id = '', name = '']) => isObjectId(id) && name.startsWith(ref))) {
    return { is: 'unclear' }
  }
  const [commit] = lines.find(([, name]) => name === ref) ?? []
  return commit === undefined ? { is: 'gone' } : { is: 'at', commit }
}

/** The words of a refusal are the ones that git would print after `remote:`. */
function refusedBy(status: number, body: string): Head {
  const said = cleanWords(body, [])
  switch (status) {
    case 401:
    case 403:
      return toHead(refusalOf(`${said} returned error: ${status}`))
    case 404:
      return toHead(refusalOf(`${said} repository '' not found`))
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return toHead(refusalOf('redirect'))
    case 429:
      return { is: 'unreachable', text: 'The git server asks for a pause (429). Try again in a few minutes.' }
    default:
      return { is: 'unclear' }
  }
}

function toHead(refusal: ReturnType<typeof refusalOf>): Head {
  return refusal.kind === 'refused'
    ? { is: 'refused', reason: refusal.reason, text: refusal.text }
    : { is: 'unreachable', text: refusal.text }
}
