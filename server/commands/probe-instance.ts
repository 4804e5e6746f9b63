import { type CertificateAuthority, DomainError, type ProviderName } from '@git-connections/events'
import { takeProbe } from '../probe/allowance.ts'
import { type StepOutcome, stepsOf } from '../probe/steps.ts'
import { firstCheck, type Provider } from '../providers/provider.ts'
import type { Shell } from '../shell.ts'

const DEADLINE_MS = 25_000
const OTHER = { github: 'gitlab', gitlab: 'github' } as const

/**
 * Goes the whole way to an instance before anything is linked there, and tells at which step it ends. A token is shown
 * only to what turned out to be the provider.
 * @throws {DomainError} InputInvalid, naming the field; TooManyProbes.
 */
export async function probeInstance(
  shell: Shell,
  asked: {
    provider: ProviderName
    baseUrl: string
    certificateAuthority: CertificateAuthority | null
    token: string | null
  },
  organizationId: string,
): Promise<{ baseUrl: string; steps: StepOutcome[] }> {
  const { provider } = asked
  const world = shell.reach(asked.certificateAuthority)
  const own = world.providers[provider]
  const baseUrl = own.normaliseBaseUrl(asked.baseUrl)
  const token = asked.token === null ? null : readToken(own, asked.token)
  await takeProbe(shell.db, organizationId, shell.clock())

  const signal = AbortSignal.timeout(DEADLINE_MS)
  let identity = await own.identify(baseUrl, { signal })
  const mistaken =
    identity.is === 'other' && (await isOther(world.providers[OTHER[provider]], asked.baseUrl, signal))
      ? OTHER[provider]
      : null
  const shown = identity.is === 'itself' ? token : null
  const verdict = shown === null ? null : await own.checkToken(shown, { baseUrl, prior: firstCheck, signal })
  if (shown !== null && verdict?.evidence.account) {
    const again = await own.identify(baseUrl, { signal, token: shown })
    if (again.is === 'itself') identity = again
  }
  const proxied = world.proxied(new URL(baseUrl))
  const tokenGiven = token !== null
  return { baseUrl, steps: stepsOf({ provider, baseUrl, proxied, identity, mistaken, verdict, tokenGiven }) }
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
