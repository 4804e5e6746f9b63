import type { UsedRepository } from '../api.ts'
import { statusWord } from '../connections/status.tsx'

/** One repository whatever connection reaches it: the provider's number is unique on one instance only. */
export const identityOf = (used: { repositoryId: string; connection: { baseUrl: string } }) =>
  `${used.connection.baseUrl} ${used.repositoryId}`

/** Why nothing can be taken through a connection, in a word; null when it can. */
export function stateWord({ deleted, enabled, status }: UsedRepository['connection']): string | null {
  if (deleted) return 'Deleted'
  if (!enabled) return 'Disabled'
  return status === 'active' ? null : statusWord(status)
}

/** Whether repositories can be chosen through it. */
export const isUsable = ({ enabled, status }: { enabled: boolean; status: string }) => enabled && status === 'active'

/** Where a repository is looked at in a browser. */
export function urlOf({ connection, fullName }: UsedRepository): string {
  return `${connection.baseUrl}/${fullName.split('/').map(encodeURIComponent).join('/')}`
}

/** Where a branch of it is looked at. */
export function branchUrlOf(used: UsedRepository): string {
  const tree = used.connection.provider === 'github' ? 'tree' : '-/tree'
  return `${urlOf(used)}/${tree}/${used.branch.split('/').map(encodeURIComponent).join('/')}`
}

/** Where a commit of it is looked at. */
export function commitUrlOf(used: UsedRepository, commit: string): string {
  return `${urlOf(used)}/${used.connection.provider === 'github' ? 'commit' : '-/commit'}/${commit}`
}

/** Owner and name of a repository; the owner with its slash, however many groups it has. */
export function splitName(fullName: string): { owner: string; name: string } {
  const at = fullName.lastIndexOf('/') + 1
  return { owner: fullName.slice(0, at), name: fullName.slice(at) }
}
