import { z } from 'zod'
import { type ConsentPage, consentPage } from './consent-page.ts'
import type { RecordedRequest } from './recording.ts'

/** Who sits in front of the consent page, and how they answer. */
export const consentSchema = z
  .object({
    /** Who is signed in; null for the first who can be. The page lets a person switch. */
    user: z.string().nullable(),
    /** `ask` shows the page; the others answer at once, as for somebody who agreed before, or a policy that forbids. */
    answer: z.enum(['ask', 'authorize', 'cancel']),
    /** The scopes that are granted whatever was asked; null for those that were. */
    scopes: z.array(z.string()).nullable(),
  })
  .partial()

/** What somebody answered. */
export type Decision = { readonly user: string; readonly agreed: boolean }

type Habits = {
  /** Whom the link wants to be signed in. */
  readonly suggested?: string | undefined
  /** True for somebody who is not asked again. */
  readonly agrees?: (user: string) => boolean
}

const pressed = z.object({ user: z.string(), answer: z.enum(['authorize', 'cancel']) })
const START = { user: null, answer: 'ask', scopes: null } satisfies z.output<typeof consentSchema>

/** The person in front of a provider's consent page, chosen from outside or on the page itself. */
export class Consent {
  #state: Required<z.output<typeof consentSchema>> = START

  set(change: z.output<typeof consentSchema>): void {
    this.#state = { ...this.#state, ...change }
  }

  clear(): void {
    this.#state = START
  }

  /** The scopes that are granted when these were asked for. */
  scopes(asked: readonly string[]): readonly string[] {
    return this.#state.scopes ?? asked
  }

  /** What the person answered, or the page that asks. */
  ask(
    { method, body }: RecordedRequest,
    page: Omit<ConsentPage, 'signedIn'>,
    { suggested, agrees = () => false }: Habits = {},
  ): Decision | Response {
    const wanted = [this.#state.user, suggested, page.users[0]].find((user) => user && page.users.includes(user))
    if (!wanted) return new Response('Nobody can sign in.', { status: 403 })
    if (method === 'POST') {
      const { success, data } = pressed.safeParse(body)
      if (!success || !page.users.includes(data.user)) return new Response('Nobody pressed a button.', { status: 422 })
      return { user: data.user, agreed: data.answer === 'authorize' }
    }
    const { answer } = this.#state
    if (answer === 'ask' && agrees(wanted)) return { user: wanted, agreed: true }
    if (answer !== 'ask') return { user: wanted, agreed: answer === 'authorize' }
    return consentPage({ ...page, signedIn: wanted })
  }
}
