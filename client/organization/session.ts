import { knowledge } from '../api.ts'

/**
 * Talks to the sign-in service.
 * @throws {Error} with its words when it refuses.
 */
export async function askSession(path: 'sign-up/email' | 'sign-in/email' | 'sign-out', body: object): Promise<void> {
  const response = await fetch(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) {
    const answer: unknown = await response.json().catch(() => null)
    const told = typeof answer === 'object' && answer && 'message' in answer ? String(answer.message) : null
    if (response.status === 429) throw new Error('Too many tries. Wait a little, then try again.')
    throw new Error(told ?? `The server answered ${response.status}. Try again.`)
  }
  knowledge.clear()
}

/** Leaves, and forgets everything that this page knew. */
export async function signOut(): Promise<void> {
  await askSession('sign-out', {})
  location.assign('/sign-in')
}
