import type { z } from 'zod'
import { written } from '../account-bodies.ts'
import { json, Refusal, suspendedInstallation } from '../answers.ts'
import type { GitHubApi } from '../call.ts'
import type { GitHubRepository, GitHubToken } from '../declare.ts'
import { ipRefusal } from '../policy.ts'
import { listedRepository } from '../repository-bodies.ts'
import { mintLongInstallationToken, mintToken } from '../tokens.ts'
import { botOf } from './apps.ts'
import type { Installation, narrowing } from './declare.ts'

const LIFE = 3_600_000
const RANK: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 }

/**
 * Makes a token of an installation, for an hour, and tells what it may do.
 * @param form what the caller's `X-GitHub-Stateless-S2S-Token` says, if anything
 * @throws {Refusal}
 */
export function newToken(
  api: GitHubApi,
  installation: Installation,
  { wanted, form }: { wanted: z.output<typeof narrowing>; form: string | undefined },
): Response {
  const { world } = api
  if (installation.suspendedAt) throw suspendedInstallation()
  const refusal = ipRefusal(world.findOrganization(installation.account))
  if (refusal) throw refusal
  const permissions = narrowed(installation, wanted.permissions)
  const repositories = chosen(api, installation, wanted)
  const expiresAt = new Date(world.clock.now().getTime() + LIFE)
  const long = form === 'enabled' || (form !== 'disabled' && world.apps.tokenForm === 'long')
  const { app } = installation
  const token = world.addToken({
    kind: 'installation',
    user: botOf(app),
    token:
      long && api.enterpriseVersion === null
        ? mintLongInstallationToken(app.id, installation.id, expiresAt)
        : mintToken('installation'),
    scopes: [],
    permissions,
    expiresAt,
    installation: installation.id,
    repositoryIds: repositories === null ? null : repositories.map(({ id }) => id),
  })
  world.lag.begin(token.token)
  const everything = installation.repositoryIds === 'all' && repositories === null
  return json(
    {
      token: token.token,
      expires_at: written(expiresAt),
      permissions,
      repository_selection: everything ? 'all' : 'selected',
      ...(repositories && {
        repositories: repositories.map((repository) =>
          listedRepository(repository, api, { token, user: world.requireUser(token.user) }),
        ),
      }),
    },
    201,
  )
}

function narrowed(
  { permissions }: Installation,
  wanted: Record<string, string> | undefined,
): GitHubToken['permissions'] {
  if (!wanted) return permissions
  const granted: GitHubToken['permissions'] = permissions.metadata ? { metadata: permissions.metadata } : {}
  for (const [name, level] of Object.entries(wanted)) {
    const most = permissions[name]
    if (!most) throw new Refusal(422, 'The permissions requested are not granted to this installation.')
    if (!(Number(RANK[level]) <= Number(RANK[most]))) {
      throw new Refusal(422, 'The level of access for permissions requested are not granted to this installation.')
    }
    granted[name] = level === 'read' || level === 'write' ? level : 'admin'
  }
  return granted
}

/** Null where the token is for everything that the installation is for. */
function chosen(
  { world }: GitHubApi,
  installation: Installation,
  { repositories, repository_ids }: z.output<typeof narrowing>,
): GitHubRepository[] | null {
  if (!repositories && !repository_ids) return null
  const own = world.apps.repositoriesOf(installation)
  const named = (repositories ?? []).map((name) => own.find(({ fullName }) => fullName.split('/')[1] === name))
  const numbered = (repository_ids ?? []).map((id) => own.find((repository) => repository.id === id))
  return [...new Set([...named, ...numbered])].map((repository) => {
    if (repository) return repository
    const text = 'There is at least one repository that does not exist or is not accessible to the parent installation.'
    throw new Refusal(422, text)
  })
}
