import { applicationKey, organization, type ProviderName } from '@git-connections/events'
import { type EventStore, readHead } from '@git-connections/events/store'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from '../config.ts'
import type { OAuthApplication } from '../providers/oauth/application.ts'
import type { OpenCredential, Use } from '../vault/open-credential.ts'

/** An OAuth application without its secret: the operator's own, or one that the organization named. */
export interface KnownApplication {
  readonly provider: ProviderName
  readonly baseUrl: string
  readonly clientId: string
  /** Null for the operator's, which is for every organization. */
  readonly own: { readonly applicationId: string; readonly secretVersion: number } | null
}

/** The OAuth applications by which people sign in at providers. */
export interface OAuthApplications {
  /** Those of the operator and of the organization; where both name one for an instance, the organization's counts. */
  readonly list: (organizationId: string) => Promise<KnownApplication[]>
  readonly find: (
    organizationId: string,
    instance: { provider: ProviderName; baseUrl: string },
  ) => Promise<KnownApplication | null>
  /** Hands the application with its secret to one use. */
  readonly use: <Result>(
    organizationId: string,
    known: KnownApplication,
    use: Use,
    work: (application: OAuthApplication) => Promise<Result>,
  ) => Promise<Result>
}

type Settings = Pick<
  Config,
  'githubUrl' | 'githubClientId' | 'githubClientSecret' | 'gitlabUrl' | 'gitlabClientId' | 'gitlabClientSecret'
>

/** Knows the applications of the environment and of the organizations' logs. */
export function createOAuthApplications(world: {
  config: Settings
  store: EventStore
  open: OpenCredential
}): OAuthApplications {
  const { config, store, open } = world
  const operators: { known: KnownApplication; secret: string }[] = []
  const offer = (provider: ProviderName, baseUrl: string, clientId?: string, secret?: string) => {
    if (clientId && secret) operators.push({ known: { provider, baseUrl, clientId, own: null }, secret })
  }
  offer('github', config.githubUrl, config.githubClientId, config.githubClientSecret)
  offer('gitlab', config.gitlabUrl, config.gitlabClientId, config.gitlabClientSecret)

  async function list(organizationId: string): Promise<KnownApplication[]> {
    const { state } = await readHead(store.db, store.registry, organization, {
      ...{ organizationId, streamId: organizationId, commandId: uuidv7(), inline: [] },
    })
    const own = Object.entries(state.oauthApplications).map(([key, { applicationId, clientId, secretVersion }]) => {
      const [provider, baseUrl = ''] = key.split(' ')
      const named = provider === 'github' ? ('github' as const) : ('gitlab' as const)
      return { provider: named, baseUrl, clientId, own: { applicationId, secretVersion } }
    })
    const taken = new Set(own.map(({ provider, baseUrl }) => applicationKey(provider, baseUrl)))
    const rest = operators.map(({ known }) => known)
    return [...own, ...rest.filter(({ provider, baseUrl }) => !taken.has(applicationKey(provider, baseUrl)))]
  }

  return {
    list,
    async find(organizationId, { provider, baseUrl }) {
      const known = await list(organizationId)
      return known.find((each) => each.provider === provider && each.baseUrl === baseUrl) ?? null
    },
    use(organizationId, known, use, work) {
      const { provider, baseUrl, clientId, own } = known
      if (own) {
        const { applicationId, secretVersion } = own
        const place = { organizationId, connectionId: applicationId, version: secretVersion }
        return open({ ...place, field: 'clientSecret' }, use, (clientSecret) =>
          work({ provider, baseUrl, clientId, clientSecret }),
        )
      }
      const mine = operators.find((each) => each.known.clientId === clientId && each.known.provider === provider)
      if (!mine) throw new Error('An application of the operator is gone')
      return work({ provider, baseUrl, clientId, clientSecret: mine.secret })
    },
  }
}
