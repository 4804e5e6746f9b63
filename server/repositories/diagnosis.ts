import { z } from 'zod'
import { repositoryView } from './browse.ts'

/** A connection by its name for people. */
const named = z.object({ id: z.uuid(), name: z.string() })
const told = {
  /** What was found, in a sentence or two. */
  what: z.string(),
  /** What to do; `url` is the place for it at the provider, null where there is none. */
  remedy: z.object({ text: z.string(), url: z.url().nullable() }),
}

/** Why a repository is, or is not, among those of a connection. */
export const diagnosis = z.discriminatedUnion('reason', [
  /** The connection reaches it, and it can be chosen. `added`, `public` and `renamed` may have been put into the list just now. */
  z.object({
    ...told,
    reason: z.enum(['listed', 'added', 'public', 'archived', 'renamed']),
    repository: repositoryView,
  }),
  /** Not there, or hidden, which providers do not tell apart; `notSelected` is that of a GitHub App's installation. */
  z.object({
    ...told,
    reason: z.enum(['notFound', 'notSelected']),
    /** What this connection reaches under nearly that name; null where nothing is like it. */
    nearest: repositoryView.nullable(),
    /** Another connection that reaches it; null where none does. */
    through: named.nullable(),
  }),
  /** It is of another host; `connection` is one that fits, null where there is none. */
  z.object({ ...told, reason: z.literal('otherHost'), connection: named.nullable() }),
  z.object({
    ...told,
    reason: z.enum([
      'singleSignOn',
      'oauthRestricted',
      'forbidden',
      'blocked',
      'noCode',
      /** The connection does not work, whatever the repository. */
      'connection',
      /** The provider could not be asked: nothing is known. */
      'unanswered',
      /** What was pasted names no repository. */
      'unreadable',
    ]),
  }),
])
export type Diagnosis = z.infer<typeof diagnosis>
export type NamedConnection = z.infer<typeof named>
