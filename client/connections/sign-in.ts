import { createSignal, onCleanup } from 'solid-js'
import { api, explain, forget } from '../api.ts'

export type SignInInput = Parameters<typeof api.connections.authorize.mutate>[0]
export type Outcome = Awaited<ReturnType<typeof api.connections.authorization.query>>

/** The channel by which the window that comes back tells the page that waits, which answers with the sign-in's id. */
export const SIGN_IN_CHANNEL = 'git-connections-sign-in'
const LOOK_MS = 1_500

/**
 * A sign-in at a provider, in a window of its own or, where that is blocked, in this page. Its outcome comes from the
 * server: a window that says it is closed may still be open, and the other way round.
 */
export function createSignIn() {
  const [authorizationId, setAuthorizationId] = createSignal<string | null>(null)
  const [outcome, setOutcome] = createSignal<Outcome | null>(null)
  const [problem, setProblem] = createSignal<string | null>(null)
  const [error, setError] = createSignal<unknown>(null)
  const [seemsClosed, setSeemsClosed] = createSignal(false)
  let popup: Window | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  const channel = new BroadcastChannel(SIGN_IN_CHANNEL)
  channel.addEventListener('message', () => void look())

  async function look(): Promise<void> {
    const id = authorizationId()
    if (id === null) return
    try {
      const now = await api.connections.authorization.query({ authorizationId: id })
      setOutcome(now)
      setProblem(null)
      if (now.status === 'waiting' || now.status === 'working') {
        setSeemsClosed(now.status === 'waiting' && popup?.closed === true)
        return
      }
      stop()
      channel.postMessage(id)
      if (now.status === 'done') await forget('connections', 'audit')
    } catch (failure) {
      setProblem(explain(failure))
    }
  }

  function stop(): void {
    clearInterval(timer)
    popup?.close()
    popup = null
    setSeemsClosed(false)
  }

  onCleanup(() => {
    stop()
    channel.close()
  })

  return {
    outcome,
    problem,
    error,
    seemsClosed,
    running: () => authorizationId() !== null && ['waiting', 'working'].includes(outcome()?.status ?? 'waiting'),
    /** Must be called by a click, or the window is blocked. */
    async begin(input: SignInInput): Promise<void> {
      stop()
      setError(null)
      setOutcome(null)
      setAuthorizationId(null)
      popup = window.open('about:blank', SIGN_IN_CHANNEL, 'popup,width=620,height=760')
      try {
        const begun = await api.connections.authorize.mutate(input)
        if (!popup) {
          location.assign(begun.url)
          return
        }
        setAuthorizationId(begun.authorizationId)
        popup.location.replace(begun.url)
        timer = setInterval(() => void look(), LOOK_MS)
      } catch (failure) {
        stop()
        setError(failure)
      }
    },
    /** Answers whether another account than before is meant. */
    async confirm(accept: boolean): Promise<void> {
      const id = authorizationId()
      if (id === null) return
      try {
        await api.connections.confirmAuthorization.mutate({ authorizationId: id, accept })
      } catch (failure) {
        setProblem(explain(failure))
      }
      await look()
    },
    cancel(): void {
      stop()
      setAuthorizationId(null)
      setOutcome(null)
    },
  }
}
export type SignIn = ReturnType<typeof createSignIn>
