import type { GitService } from './http-backend.ts'

/** A request of a git client, taken apart. */
export type GitAddress = { readonly fullName: string; readonly suffixed: boolean; readonly service: GitService }

/**
 * Reads what a git client asks for; null when the path is none of git's.
 * @param path below the web root, still encoded
 */
export function gitAddress(path: string, method: string, service: string | undefined): GitAddress | null {
  const [, name = '', suffix, rest] = /^\/(.+?)(\.git)?\/(info\/refs|git-upload-pack)$/.exec(path) ?? []
  const fullName = decodeURIComponent(name)
  const suffixed = suffix !== undefined
  if (rest === 'info/refs' && method === 'GET' && service === 'git-upload-pack')
    return { fullName, suffixed, service: rest }
  if (rest === 'git-upload-pack' && method === 'POST') return { fullName, suffixed, service: rest }
  return null
}

/** A refusal as a git client prints it: plain text becomes `remote: ...`. */
export function gitRefusal(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } })
}
