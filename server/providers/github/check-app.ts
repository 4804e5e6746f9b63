import type { Verdict } from '@git-connections/events'
import type { LsRemote } from '../../git/ls-remote.ts'
import type { AppCredential } from '../app.ts'
import { tryClone, verdictOf } from '../check.ts'
import type { Fetch } from '../conversation.ts'
import { type Pause, withFreshToken } from '../fresh-token.ts'
import type { Prior } from '../provider.ts'
import { mintedIn } from './app-answers.ts'
import { learnOfApp } from './app-evidence.ts'
import { fingerprintOf } from './app-key.ts'
import { askAboutApp } from './app-questions.ts'
import { judgeApp } from './judge-app.ts'
import { talkToGitHub } from './requests.ts'

/** Asks GitHub about an App's installation and judges what it answers. `pause` waits for a fresh token to be known. */
export async function checkApp(
  world: {
    readonly fetch: Fetch
    readonly lsRemote: LsRemote
    readonly clock: () => Date
    readonly pause?: Pause | undefined
  },
  app: AppCredential,
  instance: { baseUrl: string; apiUrl: string; prior: Prior; signal?: AbortSignal },
): Promise<Verdict> {
  const { baseUrl, apiUrl, prior } = instance
  const begun = performance.now()
  const conversation = talkToGitHub(world.fetch, instance.signal)
  const { answers, aheadSeconds, secrets } = await askAboutApp(conversation, app, { ...world, apiUrl })
  const learned = learnOfApp(answers, { baseUrl, aheadSeconds })
  const now = world.clock()
  const fingerprint = fingerprintOf(app.pem)
  const finding = judgeApp(answers, { prior, now, baseUrl, appId: app.appId, fingerprint, aheadSeconds })
  const token = mintedIn(answers.mint)?.token
  if (finding.is === 'answered' && finding.outcome === 'active' && token !== undefined) {
    // git's servers may learn of a token later than those of the API.
    const patient: LsRemote = (request) =>
      withFreshToken(
        () => world.lsRemote(request),
        (outcome) => outcome.kind === 'refused' && outcome.reason === 'credential',
        world.pause,
      )
    const credential = { username: 'x-access-token', password: token, called: "the installation's token" }
    const { canClone, warnings } = await tryClone(patient, learned.repositories[0], credential)
    Object.assign(learned, { canClone, warnings: [...learned.warnings, ...warnings] })
  }
  return verdictOf(finding, learned, { calls: conversation.calls, begun, now, secrets })
}
