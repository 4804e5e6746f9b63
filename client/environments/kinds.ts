import type { EnvironmentView } from '../api.ts'

type Kind = EnvironmentView['kind']

/** The kinds of environments, with what each means. */
export const kinds: readonly { value: Kind; name: string; meaning: string }[] = [
  {
    value: 'development',
    name: 'Development',
    meaning: 'To try things. A new database gets demo data, and keeps what is in it.',
  },
  { value: 'staging', name: 'Staging', meaning: 'To look at what comes next, before production. No demo data.' },
  { value: 'production', name: 'Production', meaning: 'What people work with. No demo data.' },
]

/** A kind as people say it. */
export const kindName = (kind: Kind): string => kinds.find(({ value }) => value === kind)?.name ?? kind
