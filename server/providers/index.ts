import type { ProviderName } from '@git-connections/events'
import type { Provider } from './provider.ts'
export function createProviders(_options: object): Record<ProviderName, Provider> {
  const stub = (name: ProviderName): Provider => ({
    name,
    normaliseBaseUrl: (t) => t ?? 'https://example.com',
    recogniseToken: (token) => ({ is: 'token', token, kind: 'x', warning: null }),
    checkToken: async () => {
      throw new Error('stub')
    },
  })
  return { github: stub('github'), gitlab: stub('gitlab') }
}
