import type { ProviderName, Verdict } from '@git-connections/events'
import type { Identity } from '../providers/provider.ts'
import { sentence, type TransportFailure } from '../providers/transport/failure.ts'

/** The way to an instance, in order. */
export const probeSteps = ['name', 'connection', 'tls', 'instance', 'authentication', 'scopes'] as const
export type ProbeStep = (typeof probeSteps)[number]

/** How far a step came; `detail` says what was seen, or what happened and what to do next. */
export interface StepOutcome {
  readonly step: ProbeStep
  readonly is: 'ok' | 'failed' | 'notReached'
  readonly detail: string
}

/** What came of the credential that goes with an address. */
export type Shown =
  /** None was given. */
  | { readonly is: 'none' }
  /** Nobody was there whom it could be shown to. */
  | { readonly is: 'kept' }
  | { readonly is: 'judged'; readonly verdict: Verdict }
  /** It has ended and could not be renewed, or not now. */
  | { readonly is: 'ended'; readonly message: string }

/** Everything that was found out about an address. */
export interface Findings {
  readonly provider: ProviderName
  readonly baseUrl: string
  /** Whether the operator's proxy carries it. */
  readonly proxied: boolean
  readonly identity: Identity
  /** The other provider, where that is what lives there. */
  readonly mistaken: ProviderName | null
  readonly shown: Shown
}

const NAMES: Record<ProviderName, string> = { github: 'GitHub', gitlab: 'GitLab' }
/** Verdicts that mean: the token is good, and something beside it is lacking. */
const ACCEPTED: ReadonlySet<string> = new Set(['scopesMissing', 'permissionMissing', 'ssoNeeded'])

/** Says of each step how far it came: the first that failed ends the way. */
export function stepsOf(findings: Findings): StepOutcome[] {
  const said = outcomes(findings)
  const failed = said.findIndex(({ is }) => is === 'failed')
  return probeSteps.map((step, at) => {
    const outcome = said[at]
    if (outcome && (failed === -1 || at <= failed)) return { step, ...outcome }
    const without = step === 'authentication' && findings.shown.is === 'none'
    return { step, is: 'notReached', detail: without ? 'No token was given.' : '' }
  })
}

type Outcome = Omit<StepOutcome, 'step'>
const ok = (detail: string): Outcome => ({ is: 'ok', detail })
const failed = (detail: string): Outcome => ({ is: 'failed', detail })

/** In the order of the steps, as far as anything is known. */
function outcomes(findings: Findings): Outcome[] {
  const { identity, baseUrl, proxied, shown } = findings
  const reached = [
    ok(proxied ? 'Left to the proxy.' : 'It has an address.'),
    ok(proxied ? 'The proxy opened the way.' : 'Something listens there.'),
    ok(baseUrl.startsWith('https:') ? 'The certificate is trusted.' : 'None: the operator allows plain http here.'),
  ]
  if (identity.is === 'none') {
    const at = stageOf(identity.failure)
    return [...reached.slice(0, at), failed(toldWithMend(identity.failure))]
  }
  return [...reached, instanceOf(findings), ...ofCredential(shown)]
}

/** What to do about failures whose own sentence only tells what happened. */
const MENDS: Partial<Record<TransportFailure['kind'], string>> = {
  'name-not-found': 'Look whether it is spelled right, and known to the name servers that this server asks.',
  'connection-refused': 'Look whether the port is right and the instance is running.',
  timeout: 'Look whether the instance is running, and whether a firewall keeps this server out.',
  reset: 'Look whether a firewall or a proxy is on the way; try again.',
  'too-large': 'Look whether the address is right.',
  failed: 'Look whether the address is right; try again.',
}

function toldWithMend(failure: TransportFailure): string {
  return [sentence(failure), MENDS[failure.kind]].filter(Boolean).join(' ')
}

/** The place of the step at which a request ended without an answer. */
function stageOf({ kind, during, sent }: TransportFailure): number {
  if (sent) return probeSteps.indexOf('instance')
  if (during) return probeSteps.indexOf(during)
  if (kind.startsWith('tls')) return probeSteps.indexOf('tls')
  // Connecting has a limit of its own, so only a look-up can last until the end.
  if (kind === 'name-not-found' || kind === 'timeout') return probeSteps.indexOf('name')
  return probeSteps.indexOf('connection')
}

function instanceOf({ provider, identity, mistaken, baseUrl }: Findings): Outcome {
  const name = NAMES[provider]
  const { host } = new URL(baseUrl)
  switch (identity.is) {
    case 'itself':
      if (identity.version)
        return ok(`${provider === 'github' ? 'GitHub Enterprise Server' : name} ${identity.version}.`)
      return ok(provider === 'gitlab' ? 'A GitLab. It tells its version only to who signs in.' : 'GitHub.')
    case 'elsewhere':
      return failed(`${host} leads to another address. Open ${name} in the browser and copy the address from there.`)
    case 'failing':
      return failed(`${host} can't answer now: it has an error, or too much to do. Try again in a while.`)
    default:
      if (mistaken) return failed(`${host} is a ${NAMES[mistaken]}. Choose ${NAMES[mistaken]} as the provider.`)
      return failed(
        `What answers at ${host} is neither GitHub nor GitLab. Use the address at which you open ${name}, with its path.`,
      )
  }
}

function ofCredential(shown: Shown): Outcome[] {
  if (shown.is === 'ended') return [failed(shown.message)]
  if (shown.is !== 'judged') return []
  const { verdict } = shown
  const { account, tokenKind, scopes } = verdict.evidence
  if (verdict.is === 'unanswered') return [failed('Nothing was learned of it this time. Try again in a while.')]
  if (account === null && !ACCEPTED.has(verdict.reason)) return [failed(verdict.message)]
  const by = tokenKind ? `, by ${/^[aeiou]/i.test(tokenKind) ? 'an' : 'a'} ${tokenKind}` : ''
  const who = ok(account ? `As ${account.login}${by}.` : 'It was accepted.')
  if (verdict.is !== 'answered' || verdict.outcome !== 'active') return [who, failed(verdict.message)]
  const granted = scopes?.join(', ')
  return [who, ok(granted ? `Enough: ${granted}.` : 'Enough; this kind of token has none that are told.')]
}
