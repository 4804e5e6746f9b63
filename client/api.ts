import type { AppRouter } from '@git-connections/server'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/solid-query'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'
import type { inferRouterOutputs } from '@trpc/server'

type Outputs = inferRouterOutputs<AppRouter>
export type ConnectionView = Outputs['connections']['list'][number]
export type DeletedConnection = Outputs['connections']['deleted'][number]
export type Dependent = Outputs['connections']['dependents']['dependents'][number]
export type AuditEntry = Outputs['connections']['history']['entries'][number]
export type AuditFacets = Outputs['audit']['facets']
export type ProjectView = Outputs['projects']['get']
export type UsedRepository = ProjectView['repository']
export type RepositoryList = Outputs['repositories']['list']
export type Repository = RepositoryList['repositories'][number]
export type Branch = Outputs['repositories']['branches']['branches'][number]
export type EnvironmentView = Outputs['environments']['get']
export type DeploymentSummary = Outputs['deployments']['list']['deployments'][number]
export type DeploymentView = Outputs['deployments']['get']
export type Plan = NonNullable<DeploymentView['plan']>
export type LogLine = Outputs['deployments']['log']['lines'][number]
export type DeploymentChanges = Outputs['deployments']['changes']
export type FoundModules = Outputs['environments']['findModules']
export type Provider = ConnectionView['provider']
export type Member = Outputs['organization']['members'][number]
export type ApiKey = Outputs['organization']['keys'][number]
export type Organization = Outputs['organization']['get']

/** The server as functions. */
export const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/trpc' })] })

/** Whoever is told to sign in had a session that ended: the frame asks who they are, and leads to the sign-in. */
const onError = (error: unknown) => {
  if (refusal(error)?.code === 'UNAUTHORIZED') void knowledge.invalidateQueries({ queryKey: ['organization.get'] })
}

/** What the page knows; live events make it ask again. */
export const knowledge = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey: [name] }) => name === 'organization.get' || onError(error),
  }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && (refusal(error)?.httpStatus ?? 503) >= 500,
    },
    mutations: { networkMode: 'always' },
  },
})

interface Query<Input, Output> {
  query(input: Input, options?: { signal?: AbortSignal }): Promise<Output>
}

/** A query of the server under its name, which live events use to make it ask again. */
export function ask<Input, Output>(name: string, procedure: Query<Input, Output>, input: Input) {
  return {
    queryKey: [name, input] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) => procedure.query(input, { signal }),
  }
}

/** Makes everything under these nouns ask again. */
export function forget(...nouns: string[]): Promise<void> {
  return knowledge.invalidateQueries({
    predicate: ({ queryKey: [name] }) => typeof name === 'string' && nouns.some((noun) => name.startsWith(`${noun}.`)),
  })
}

/** What the server said about a refusal; null when it was not the server that refused. */
export function refusal(error: unknown) {
  return error instanceof TRPCClientError ? ((error as TRPCClientError<AppRouter>).data ?? null) : null
}

/** An error in words for people. */
export function explain(error: unknown): string {
  if (refusal(error) && error instanceof Error) return error.message
  if (error instanceof TypeError || error instanceof TRPCClientError) return 'The server did not answer. Try again.'
  return error instanceof Error ? error.message : 'Something went wrong.'
}

/** What the server said against one field; null when it said nothing against it. */
export function objection(error: unknown, field: string): string | null {
  const data = refusal(error)
  if (!data) return null
  const issue = data.issues?.find(({ path }) => path === field || path.endsWith(`.${field}`))
  if (issue) return issue.message
  const at = data.field
  return at && (at === field || at.endsWith(`.${field}`)) ? explain(error) : null
}
