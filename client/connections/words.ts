import type { ConnectionView, Provider } from '../api.ts'

/** The names of providers as people know them. */
export const providerWords: Record<Provider, string> = { github: 'GitHub', gitlab: 'GitLab' }

/** The name of a connection's method as people know it. */
export function methodWords({ provider, method }: Pick<ConnectionView, 'provider' | 'method'>): string {
  if (method === 'oauth') return 'OAuth'
  if (method === 'githubApp') return 'GitHub App'
  return provider === 'github' ? 'Personal Access Token' : 'GitLab Token'
}

/** An instance's address without its scheme. */
export function hostOf(baseUrl: string): string {
  return baseUrl.replace(/^https?:\/\//, '').replace(/\/+$/, '')
}

/** A name for a new connection: the host's, with a number where that name is taken. */
export function suggestName(baseUrl: string, taken: readonly string[]): string {
  const host = hostOf(baseUrl).slice(0, 70)
  const names = new Set(taken)
  for (let number = 1; ; number++) {
    const name = number === 1 ? host : `${host} ${number}`
    if (!names.has(name)) return name
  }
}

/** What was asked and answered, as "GET /user answered 200". */
export function callWords({ method, url, status }: ConnectionView['calls'][number]): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url
  return `${method} ${path} ${status === null ? 'got no answer' : `answered ${status}`}`
}
