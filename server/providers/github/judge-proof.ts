import type { Answer } from '../conversation.ts'
import { answered, type Finding, unanswered } from '../finding.ts'
import { plainText } from '../plain-text.ts'
import type { Prior } from '../provider.ts'
import { apart } from './clocks.ts'
import { type Ground, judgeAny, strangeAnswer } from './judge-any.ts'
import { unmarkedWordsOf, wordsOf } from './refusal.ts'

/** What the judges of an App go by, beside the answers. */
export interface AppGround extends Ground {
  readonly appId: string
  readonly baseUrl: string
  /** Of our key, as the App's settings show those of its keys. */
  readonly fingerprint: string
  /** How far our clock is ahead of GitHub's, in seconds; null when GitHub told no time. */
  readonly aheadSeconds: number | null
}

const CONFIRM_AFTER_MS = 5000
/** How long GitHub may take to see the key of an App that was just made. */
const NEW_APP_MS = 60_000
/** Half a minute and network delays are nothing to GitHub, which takes a proof for ten minutes. */
const CLOCKS_DIFFER_SECONDS = 60

/** GitHub's words for an App that is not there. */
export const NO_APP = /Integration not found/i

/**
 * Says what the refusal of our proof to be the App means.
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function judgeProof(answer: Answer, ground: AppGround): Finding {
  const { prior, appId, fingerprint } = ground
  const any = judgeAny(answer, { ...ground, shown: 'App' })
  if (any) return any
  // What lacks GitHub's mark takes no working App down; where nothing had worked yet, its exact words are enough.
  const refusal = prior.worked ? wordsOf(answer, 401) : unmarkedWordsOf(answer, 401)
  const said = `GitHub answered 401 "${plainText(refusal, 150)}":`
  if (/'(Expiration time|Issued at)' claim/i.test(refusal)) return clocksDiffer(ground, said)
  if (/could not be decoded|^Bad credentials$/i.test(refusal)) {
    if (Math.abs(ground.aheadSeconds ?? 0) > CLOCKS_DIFFER_SECONDS) return clocksDiffer(ground, said)
    const text = `${said} the private key is not one of the App ${appId}, or it was deleted there. The fingerprint of our key is ${fingerprint}; compare it with those in the App's settings, then paste another key or correct the App ID.`
    return refused(prior, { reason: 'keyRefused', text })
  }
  if (/'Issuer' claim/i.test(refusal)) {
    const text = `${said} it knows no App with the id ${appId}. Look at the App ID in the App's settings, and whether the App is at this host.`
    return refused(prior, { reason: 'appIdRefused', text })
  }
  if (/must generate a public key/i.test(refusal)) return keyMissing(ground, said)
  if (NO_APP.test(wordsOf(answer, 404))) {
    const text = `GitHub answered 404 "Integration not found": there is no App ${appId} at this host, or it was deleted. Look at the App ID and the host.`
    return answered(prior.worked ? 'revoked' : 'invalid', 'appMissing', text)
  }
  return strangeAnswer(answer)
}

function keyMissing({ prior, now }: AppGround, said: string): Finding {
  const text = `${said} the App has no private key. Generate one in its settings and paste it.`
  const since = prior.unansweredSince ?? now
  if (!prior.worked && now.getTime() - since.getTime() < NEW_APP_MS) {
    const soon = 'For an App that was just made GitHub needs a moment; the check is tried again by itself.'
    return unanswered('keyNotSeenYet', `${text} ${soon}`, 20_000)
  }
  return refused(prior, { reason: 'keyMissing', text, confirmAfterMs: NEW_APP_MS })
}

function clocksDiffer({ aheadSeconds }: AppGround, said: string): Finding {
  const clock =
    aheadSeconds === null
      ? 'the clock of this server differs from its own.'
      : `the clock of this server is ${apart(aheadSeconds)} its own.`
  return answered('error', 'clocksDiffer', `${said} ${clock} Ask the operator to set the clock, then validate again.`)
}

/** A proof that had worked is Revoked once it was refused again. */
function refused(prior: Prior, of: { reason: string; text: string; confirmAfterMs?: number }): Finding {
  const { reason, text, confirmAfterMs = CONFIRM_AFTER_MS } = of
  if (!prior.worked) return answered('invalid', reason, text)
  if (prior.status === 'revoked') return answered('revoked', reason, text)
  return { is: 'refusedOnce', reason, message: text, outcome: 'revoked', confirmAfterMs }
}
