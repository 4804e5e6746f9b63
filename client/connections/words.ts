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
