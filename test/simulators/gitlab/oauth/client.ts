import { z } from 'zod'
import type { RecordedRequest } from '../../recording.ts'
import type { Application } from './application.ts'
import type { Grants } from './grants.ts'

const sent = z.object({ client_id: z.string().default(''), client_secret: z.string().default('') })

/** The application that proved itself, by Basic or in the form; `wrong` for one that tried in vain. */
export function clientOf(
  { applications }: Grants,
  { credential, body }: RecordedRequest,
): Application | 'none' | 'wrong' {
  const form = sent.parse(body ?? {})
  const basic = credential?.scheme === 'basic' ? credential : null
  const [uid, secret] = basic ? [basic.username ?? '', basic.secret] : [form.client_id, form.client_secret]
  if (uid === '') return 'none'
  const application = applications.get(uid)
  if (!application) return 'wrong'
  if (secret === '') return application.confidential ? 'wrong' : application
  return secret === application.secret ? application : 'wrong'
}
