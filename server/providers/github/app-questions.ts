import type { AppCredential } from '../app.ts'
import type { Answer, Conversation } from '../conversation.ts'
import { type Pause, withFreshToken } from '../fresh-token.ts'
import { appIn, installationIn, mintedIn } from './app-answers.ts'
import { askForToken, proofOf } from './app-token.ts'
import { secondsAhead } from './clocks.ts'
import { type AppAnswers, missingPermissions } from './judge-app.ts'
import { HEADERS, octokitOver } from './requests.ts'

/** The longest page: this list can't be sorted, so the newest repositories are sought in it. */
const PAGE = 100

/** What came of the questions of one check. */
export interface AppConversation {
  readonly answers: AppAnswers
  /** How far our clock was ahead of GitHub's at the first answer; null when it told no time. */
  readonly aheadSeconds: number | null
  /** Everything that must not be seen: the proof and the tokens that were given. */
  readonly secrets: readonly string[]
}

/** Puts the questions of one check of an App, each if the one before was answered well. */
export async function askAboutApp(
  conversation: Conversation,
  app: AppCredential,
  by: { apiUrl: string; clock: () => Date; pause?: Pause | undefined },
): Promise<AppConversation> {
  const proof = proofOf(app, by.clock())
  const octokit = octokitOver(conversation, { auth: proof, apiUrl: by.apiUrl })
  const own = await conversation.ask(() => octokit.request('GET /app', { headers: HEADERS }))
  const aheadSeconds = secondsAhead(own, by.clock())
  const nothing = { installation: null, mint: null, repositories: null }
  if (!appIn(own)) return { answers: { app: own, ...nothing }, aheadSeconds, secrets: [proof] }
  const query = { installation_id: Number(app.installationId), headers: HEADERS }
  const installation = await conversation.ask(() => octokit.request('GET /app/installations/{installation_id}', query))
  const found = installationIn(installation)
  if (!found || found.suspended_at || missingPermissions(found).length > 0) {
    return { answers: { app: own, ...nothing, installation }, aheadSeconds, secrets: [proof] }
  }
  const of = { proof, apiUrl: by.apiUrl, installationId: app.installationId, pause: by.pause }
  const first = await mintAndList(conversation, of)
  // A token that stays refused is made anew once before anything is concluded from it.
  const last = isUnauthorized(first.repositories) ? await mintAndList(conversation, of) : first
  const { mint, repositories } = last
  return {
    answers: { app: own, installation, mint, repositories },
    aheadSeconds,
    secrets: [proof, ...first.tokens, ...last.tokens],
  }
}

async function mintAndList(
  conversation: Conversation,
  of: { proof: string; apiUrl: string; installationId: string; pause: Pause | undefined },
) {
  const mint = await askForToken(conversation, of)
  const token = mintedIn(mint)?.token
  if (token === undefined) return { mint, repositories: null, tokens: [] }
  const octokit = octokitOver(conversation, { auth: token, apiUrl: of.apiUrl })
  const query = { per_page: PAGE, headers: HEADERS }
  const ask = () => conversation.ask(() => octokit.request('GET /installation/repositories', query))
  return { mint, repositories: await withFreshToken(ask, isUnauthorized, of.pause), tokens: [token] }
}

function isUnauthorized(answer: Answer | null): boolean {
  return answer?.is === 'http' && answer.status === 401
}
