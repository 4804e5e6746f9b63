import { type CertificateAuthority, DomainError, type ProviderName } from '@git-connections/events'
import { takeProbe } from '../probe/allowance.ts'
import { type Shown, type StepOutcome, stepsOf } from '../probe/steps.ts'
import { firstCheck, type Identity, type Provider } from '../providers/provider.ts'
import type { Shell } from '../shell.ts'

const DEADLINE_MS = 25_000
const OTHER = { github: 'gitlab', gitlab: 'github' } as const

/** An instance, as somebody named it or as a connection knows it. */
export interface Place {
  readonly provider: ProviderName
  readonly baseUrl: string
  readonly certificateAuthority: CertificateAuthority | null
}

/** How far one comes on the way to an instance. */
export interface WayTo {
  readonly baseUrl: string
  readonly steps: StepOutcome[]
}

/** What came of showing a credential; with it an instance may tell more of itself than to a stranger. */
export interface Showing {
  readonly shown: Shown
  readonly identity?: Identity
}

/**
 * Goes the whole way to an instance before anything is linked there, and tells at which step it ends. A token is shown
 * only to what turned out to be the provider.
 * @throws {DomainError} InputInvalid, naming the field; TooManyProbes.
 */
export async function probeInstance(
  shell: Shell,
  asked: Place & { token: string | null },
  organizationId: string,
): Promise<WayTo> {
  const own = shell.reach(asked.certificateAuthority).providers[asked.provider]
  const baseUrl = own.normaliseBaseUrl(asked.baseUrl)
  const token = asked.token === null ? null : readToken(own, asked.token)
  await takeProbe(shell.db, organizationId, shell.clock())
  if (token === null) return goTheWay(shell, asked, null)
  return goTheWay(shell, asked, async (signal) => {
    const verdict = await own.checkToken(token, { baseUrl, prior: firstCheck, signal })
    const shown = { is: 'judged', verdict } as const
    return verdict.evidence.account ? { shown, identity: await own.identify(baseUrl, { signal, token }) } : { shown }
  })
}

/** Goes the way to a place; `show` is called where the provider was found there. Null: there is nothing to show. */
export async function goTheWay(
  shell: Shell,
  place: Place,
  show: ((signal: AbortSignal) => Promise<Showing>) | null,
): Promise<WayTo> {
  const { provider } = place
  const { providers, proxied } = shell.reach(place.certificateAuthority)
  const own = providers[provider]
  const baseUrl = own.normaliseBaseUrl(place.baseUrl)
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const stranger = await own.identify(baseUrl, { signal })
  const other = OTHER[provider]
  const mistaken = stranger.is === 'other' && (await isOther(providers[other], place.baseUrl, signal)) ? other : null
  const nobody: Showing = { shown: { is: show ? 'kept' : 'none' } }
  const { shown, identity } = show && stranger.is === 'itself' ? await show(signal) : nobody
  const known = identity?.is === 'itself' ? identity : stranger
  const findings = { provider, baseUrl, proxied: proxied(new URL(baseUrl)), identity: known, mistaken, shown }
  return { baseUrl, steps: stepsOf(findings) }
}

function readToken(provider: Provider, pasted: string): string {
  const recognition = provider.recogniseToken(pasted)
  if (recognition.is === 'refused') throw new DomainError('InputInvalid', recognition.message, { field: 'token' })
  return recognition.token
}

/** Whether the other provider is what lives at an address. */
async function isOther(other: Provider, typed: string, signal: AbortSignal): Promise<boolean> {
  return (await other.identify(other.normaliseBaseUrl(typed), { signal })).is === 'itself'
}
