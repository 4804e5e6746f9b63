import { z } from 'zod'
import { type Caller, dataOf } from './caller.ts'
import type { Secret } from './scanner.ts'
import { control, secrets } from './secrets.ts'

export const EMAIL = `${control.text.marker}@example.com`
const INVITED = 'grace@example.com'

/** Somebody who asks, and who is told of each secret that the server makes. */
export interface Part {
  readonly caller: Caller
  readonly learn: (secret: Secret) => void
}

const sessionOf = (whose: string) => [`session token of ${whose}`, `session signature of ${whose}`]

/** A session's two parts: the database holds the first, nobody but the browser the second. */
function learnSession({ caller, learn }: Part, whose: string): void {
  const [token = '', signature = ''] = decodeURIComponent(caller.cookie().split('=')[1] ?? '').split('.')
  learn({ kind: `session token of ${whose}`, marker: token })
  learn({ kind: `session signature of ${whose}`, marker: signature })
}

/** The first account, with its organization. */
export async function signUp(part: Part): Promise<void> {
  const { caller } = part
  const person = { name: 'Ada', email: EMAIL, password: secrets.password.value }
  await caller.post('/api/auth/sign-up/email', person, { shows: sessionOf('Ada') })
  learnSession(part, 'Ada')
  await caller.ask('/api/auth/get-session')
  await caller.query('organization.get', {})
}

/** An invitation that is taken up, one that is cancelled, and links that lead nowhere. */
export async function invite(part: Part): Promise<void> {
  const { caller, learn } = part
  const cookie = caller.cookie()
  const invited = z.object({ id: z.string(), url: z.string() })
  const link = 'invitation link'
  const { id, url } = dataOf(await caller.mutate('organization.invite', { email: INVITED }, [link]), invited)
  learn({ kind: link, marker: id })
  const path = new URL(url).pathname
  await caller.query('organization.invitations', {}, [link])
  await caller.query('audit.list', { limit: 200 })
  caller.become('')
  await caller.ask(path)
  await caller.query('organization.invitation', { invitationId: id })
  await caller.mutate('organization.acceptInvitation', { invitationId: id })
  const grace = { name: 'Grace', email: INVITED, password: secrets.invitedPassword.value }
  await caller.post('/api/auth/sign-up/email', grace, { shows: sessionOf('Grace') })
  learnSession(part, 'Grace')
  await caller.mutate('organization.acceptInvitation', { invitationId: id })
  await caller.mutate('organization.acceptInvitation', { invitationId: id })
  await caller.query('organization.get', {})
  await caller.mutate('organization.leave', {})
  caller.become(cookie)
  const other = 'invitation link that was cancelled'
  const cancelled = dataOf(await caller.mutate('organization.invite', { email: 'eve@example.com' }, [other]), invited)
  learn({ kind: other, marker: cancelled.id })
  const listed = dataOf(await caller.query('organization.invitations', {}, [other]), z.array(invited))
  for (const { id } of listed) await caller.mutate('organization.cancelInvitation', { invitationId: id })
  await caller.query('organization.invitation', { invitationId: cancelled.id })
}

/** A key that is made, used, shown in lists and revoked, and one that never was. */
export async function useKeys({ caller, learn }: Part): Promise<void> {
  const cookie = caller.cookie()
  const made = z.object({ id: z.string(), key: z.string() })
  const input = { name: control.text.marker.slice(0, 30), rights: ['see', 'use'] }
  const { id, key } = dataOf(await caller.mutate('organization.createKey', input, ['API key']), made)
  learn({ kind: 'API key', marker: key.slice(3) })
  await caller.query('organization.keys', {})
  caller.become('')
  for (const value of [key, secrets.wrongKey.value]) {
    await caller.ask('/trpc/connections.list', { headers: { 'x-api-key': value } })
    await caller.post(
      '/trpc/connections.disable',
      { connectionId: control.id.marker },
      { headers: { 'x-api-key': value } },
    )
    await caller.ask('/trpc/connections.list', { headers: { authorization: `Bearer ${value}` } })
  }
  caller.become(cookie)
  await caller.mutate('organization.revokeKey', { keyId: id })
  await caller.ask('/trpc/connections.list', { headers: { 'x-api-key': key } })
}

/** Passwords that are changed, mistaken and used; sessions that end and begin. */
export async function changePassword(part: Part): Promise<void> {
  const { caller } = part
  const { password, newPassword, guess } = secrets
  const change = { currentPassword: password.value, newPassword: newPassword.value }
  await caller.post('/api/auth/change-password', { ...change, currentPassword: guess.value })
  await caller.post('/api/auth/change-password', change)
  await caller.post('/api/auth/update-user', { name: 'Ada L.' }, { shows: sessionOf('Ada') })
  await caller.post('/api/auth/revoke-other-sessions', {})
  await caller.post('/api/auth/sign-out', {})
  caller.become('')
  for (const email of [EMAIL, 'nobody@example.com']) {
    await caller.post('/api/auth/sign-in/email', { email, password: guess.value })
  }
  await caller.post(
    '/api/auth/sign-in/email',
    { email: EMAIL, password: newPassword.value },
    { shows: sessionOf('Ada, later') },
  )
  learnSession(part, 'Ada, later')
  await caller.ask('/api/auth/get-session')
}
