const DOCUMENTATION = 'https://docs.github.com/rest'

/** A refusal as GitHub words it; thrown by whoever refuses, turned into the answer in one place. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly extra: Readonly<Record<string, unknown>>

  constructor(status: number, message: string, also: { headers?: Record<string, string>; extra?: object } = {}) {
    super(message)
    this.status = status
    this.headers = also.headers ?? {}
    this.extra = { ...also.extra }
  }

  /** The body is GitHub's: `status` is a string. */
  toResponse(): Response {
    const body = { message: this.message, ...this.extra, documentation_url: DOCUMENTATION, status: String(this.status) }
    return json(body, this.status, this.headers)
  }
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}

export const requiresAuthentication = () => new Refusal(401, 'Requires authentication')
export const badCredentials = () => new Refusal(401, 'Bad credentials')
export const notFound = () => new Refusal(404, 'Not Found')
export const suspendedAccount = () => new Refusal(403, 'Sorry. Your account was suspended.')
export const suspendedInstallation = () => new Refusal(403, 'This installation has been suspended')
export const lockedOut = () => new Refusal(403, 'Maximum number of login attempts exceeded. Please try again later.')
export const notForIntegrations = () => new Refusal(403, 'Resource not accessible by integration')
export const notForPersonalTokens = () => new Refusal(403, 'Resource not accessible by personal access token')
export const badVersion = (version: string) => new Refusal(400, `The API version ${version} is not supported.`)
