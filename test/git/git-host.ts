import { gitAddress, gitRefusal } from '../simulators/git/address.ts'
import { gitHttpBackend } from '../simulators/git/http-backend.ts'
import { type Arrival, openOrigin } from '../simulators/origin.ts'

/** A request as it came. */
export type SeenRequest = {
  readonly method: string
  readonly path: string
  readonly authorization: string | null
  /** What was answered, in bytes, once the answer is over. */
  sentBytes: number
}

/** How a repository is served. */
export type Serving = {
  /** Its bare folder. */
  readonly path: string
  /** Whether it is given without a credential. */
  readonly open?: boolean
  /** A server of old, which knows protocol 0 only and gives no commit by its id. */
  readonly old?: boolean
  /** Answers in place of git; null leaves it to git. */
  readonly answer?: (arrival: Arrival) => Response | Promise<Response> | null
}

/** A git server over real bare folders, made by the test. */
export interface GitHost extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly SeenRequest[]
  /** Serves a repository, and gives its address. */
  serve(name: string, serving: Serving): string
  forgetRequests(): void
}

/** Starts a git server on loopback; its closed repositories open with the one password. */
export async function startGitHost(password: string): Promise<GitHost> {
  const repositories = new Map<string, Serving>()
  const requests: SeenRequest[] = []
  const origin = await openOrigin(0, async (arrival) => {
    const { incoming } = arrival
    const url = new URL(incoming.url ?? '/', 'http://host')
    const method = incoming.method ?? 'GET'
    const authorization = incoming.headers.authorization ?? null
    const seen: SeenRequest = { method, path: url.pathname, authorization, sentBytes: 0 }
    requests.push(seen)
    const address = gitAddress(url.pathname, method, url.searchParams.get('service') ?? undefined)
    const serving = address ? repositories.get(address.fullName) : undefined
    if (!address || !serving) return gitRefusal(404, 'Repository not found.')
    const given = Buffer.from(authorization?.replace('Basic ', '') ?? '', 'base64').toString('utf8')
    if (!serving.open && !given.endsWith(`:${password}`)) {
      return gitRefusal(401, 'Invalid username or password.', { 'www-authenticate': 'Basic realm="git"' })
    }
    const own = (await serving.answer?.(arrival)) ?? null
    if (own) return own
    if (serving.old) delete incoming.headers['git-protocol']
    const answer = await gitHttpBackend(serving.path, address.service, arrival, { givesAnyCommit: !serving.old })
    return counted(answer, seen)
  })
  return {
    url: origin.url,
    requests,
    serve(name, serving) {
      repositories.set(name, serving)
      return `${origin.url}/${name}.git`
    },
    forgetRequests: () => void requests.splice(0),
    [Symbol.asyncDispose]: () => origin.close(),
  }
}

function counted(answer: Response, seen: SeenRequest): Response {
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      seen.sentBytes += piece.byteLength
      controller.enqueue(piece)
    },
  })
  return new Response(answer.body?.pipeThrough(counter) ?? null, { status: answer.status, headers: answer.headers })
}
