import type { Account, LinkedConnection } from '@git-connections/events'
import type { BarredReason, RepositoryFound, Stopped } from '../providers/listed.ts'
import type { RepositoryView } from './browse.ts'
import type { Diagnosis, NamedConnection } from './diagnosis.ts'

/** A repository by its name, and the connection that is asked about it. */
export interface Asked {
  readonly linked: LinkedConnection
  readonly account: Account | null
  readonly fullName: string
}

type Barred = Extract<RepositoryFound, { is: 'barred' }>

const MINUTE_MS = 60_000
const titles = { github: 'GitHub', gitlab: 'GitLab' } as const
const noLink = (text: string) => ({ text, url: null })

export function unreadableWords({ what, mend }: { what: string; mend: string }): Diagnosis {
  return { reason: 'unreadable', what, remedy: noLink(mend) }
}

export function otherHostWords(
  host: string,
  { linked, connection }: { linked: LinkedConnection; connection: NamedConnection | null },
): Diagnosis {
  const own = linked.baseUrl.replace(/^https?:\/\//, '')
  const text = connection
    ? `Choose the connection "${connection.name}", which is for that host.`
    : 'No connection of your organization is for that host. Link an account there.'
  const what = `This address is at ${host}, and the connection "${linked.name}" is for ${own}.`
  return { reason: 'otherHost', what, remedy: noLink(text), connection }
}

export function brokenWords(name: string, message: string): Diagnosis {
  const what = `The connection "${name}" can't be asked. ${message}`.trim()
  return { reason: 'connection', what, remedy: noLink('Open the connection and see what it needs; then ask again.') }
}

export function unansweredWords(
  { message, retryAfterMs }: Pick<Stopped, 'message' | 'retryAfterMs'>,
  { provider }: LinkedConnection,
): Diagnosis {
  const wait = retryAfterMs === null ? null : Math.ceil(retryAfterMs / MINUTE_MS)
  const what = wait === null ? message : `${titles[provider]} allows no more calls for now.`
  const when = wait === null ? 'in a moment' : wait === 1 ? 'in a minute' : `in ${wait} minutes`
  return { reason: 'unanswered', what, remedy: noLink(`This says nothing about the repository. Ask again ${when}.`) }
}

/** Of what the connection reaches. */
export function reachedWords(
  repository: RepositoryView,
  { asked, wasListed, member }: { asked: Asked; wasListed: boolean; member: boolean },
): Diagnosis {
  const { fullName, archived } = repository
  const renamed = fullName.toLowerCase() !== asked.fullName.toLowerCase()
  const open = !wasListed && !member
  const place = wasListed ? 'It is in the list.' : 'It was not in the list, and has been put there now.'
  const sentences = [
    renamed ? `${asked.fullName} is called ${fullName} now.` : `The connection reaches ${fullName}.`,
    open ? `It is open to everybody who may look, and ${ownerWords(asked)}: such are not listed by themselves.` : '',
    place,
    archived ? 'It is archived: it can be cloned and deployed, and nobody can push to it any more.' : '',
  ]
  const reason = renamed ? 'renamed' : archived ? 'archived' : open ? 'public' : wasListed ? 'listed' : 'added'
  const text = archived ? 'Choose it if nothing has to change in it any more.' : 'Choose it.'
  return { reason, what: sentences.filter(Boolean).join(' '), remedy: noLink(text), repository }
}

function ownerWords({ linked, account }: Asked): string {
  if (linked.credential.kind === 'githubApp') return 'not among those of the installation'
  return `${account?.login ?? 'the account'} does not belong to it`
}

/** Of what is not there, or hidden. */
export function notFoundWords(
  asked: Asked,
  { nearest, through }: { nearest: RepositoryView | null; through: NamedConnection | null },
): Diagnosis {
  const { linked, account, fullName } = asked
  const title = titles[linked.provider]
  const better = through
    ? `The connection "${through.name}" reaches it: choose that one.`
    : nearest
      ? `Did you mean ${nearest.fullName}?`
      : null
  if (linked.credential.kind === 'githubApp') {
    const { installationId } = linked.credential
    const owner = account?.login ?? 'its account'
    const same = fullName.toLowerCase().startsWith(`${owner.toLowerCase()}/`)
    const what = same
      ? `${fullName} is not among the repositories that installation ${installationId} of the App on ${owner} may see, or there is none of that name. GitHub does not tell which.`
      : `The App is installed on ${owner} (installation ${installationId}), and ${fullName} is somebody else's, or there is none of that name.`
    const mend = same
      ? "Add it in the installation's settings."
      : 'Have the App installed there too, and link that installation.'
    const remedy = { text: [better, mend].filter(Boolean).join(' '), url: same ? settingsUrl(asked) : null }
    return { reason: 'notSelected', what, remedy, nearest, through }
  }
  const group = linked.provider === 'gitlab' ? ', or the address is that of a group' : ''
  const what = `${title} shows no ${fullName} to ${account?.login ?? 'this account'}: there is none of that name, or it is hidden from this account${group}. ${title} does not tell which.`
  const mend = 'Look at the name, and ask the owner to give the account access.'
  return { reason: 'notFound', what, remedy: noLink([better, mend].filter(Boolean).join(' ')), nearest, through }
}

/** The page where the repositories of an installation are chosen. */
function settingsUrl({ linked, account }: Asked): string | null {
  if (linked.credential.kind !== 'githubApp' || !account) return null
  const { installationId } = linked.credential
  const of = account.kind === 'organization' ? `/organizations/${encodeURIComponent(account.login)}` : ''
  return `${linked.baseUrl}${of}/settings/installations/${installationId}`
}

/** Of what is there and shut. */
export function barredWords(
  reason: Exclude<BarredReason, 'notFound'>,
  { message, remedyUrl }: Barred,
  { linked, fullName }: Asked,
): Diagnosis {
  const [owner] = fullName.split('/')
  switch (reason) {
    case 'singleSignOn': {
      const what = `${owner} asks for single sign-on, and this token was not authorized for it.`
      const text = 'Authorize the token for the organization, then ask again.'
      return { reason, what, remedy: { text, url: remedyUrl } }
    }
    case 'oauthRestricted': {
      const what = `${owner} lets in only the OAuth Apps that it approved, and this one is not among them.`
      const text = `Ask for approval there, or have an owner of ${owner} approve it. A token or a GitHub App is another way.`
      const { credential, baseUrl } = linked
      const page = `${baseUrl}/settings/connections/applications/`
      return { reason, what, remedy: { text, url: credential.kind === 'oauth' ? page + credential.clientId : null } }
    }
    case 'forbidden': {
      const what = `${fullName} is there, and this connection may not read it. ${message}`
      return { reason, what, remedy: { text: `Ask an owner of ${owner} to let it in.`, url: remedyUrl } }
    }
    case 'blocked': {
      const what = `${titles[linked.provider]} has shut ${fullName} for everybody.`
      return { reason, what, remedy: noLink('Its owner can ask the provider why, and have it opened again.') }
    }
    case 'noCode': {
      const what = `${fullName} is a project without code: its repository is switched off.`
      const text = 'Switch the repository on in the settings of the project, under Visibility; or paste another one.'
      return { reason, what, remedy: { text, url: `${linked.baseUrl}/${fullName}/edit` } }
    }
  }
}
