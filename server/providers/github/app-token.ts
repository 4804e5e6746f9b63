import { sign } from 'node:crypto'
import type { AppCredential, Minting } from '../app.ts'
import type { Answer, Conversation, Fetch } from '../conversation.ts'
import type { Prior } from '../provider.ts'
import { mintedIn } from './app-answers.ts'
import { fingerprintOf } from './app-key.ts'
import { secondsAhead } from './clocks.ts'
import { judgeMint, NEEDED } from './judge-app.ts'
import { HEADERS, octokitOver, talkToGitHub } from './requests.ts'

/** GitHub takes no proof that lasts longer than ten minutes, nor one that begins in the future of its own clock. */
const LIFE_SECONDS = 600
const BACK_SECONDS = 60

/**
 * The proof to be an App: a signed statement that lasts nine minutes from now.
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function proofOf({ appId, pem }: Pick<AppCredential, 'appId' | 'pem'>, now: Date): string {
  const iat = Math.floor(now.getTime() / 1000) - BACK_SECONDS
  // GitHub refuses an App ID in quotation marks in places, and a client id is no number.
  const iss = /^\d+$/.test(appId) ? Number(appId) : appId
  const text = [
    { alg: 'RS256', typ: 'JWT' },
    { iat, exp: iat + LIFE_SECONDS, iss },
  ]
    .map(encoded)
    .join('.')
  return `${text}.${sign('sha256', Buffer.from(text), pem).toString('base64url')}`
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/**
 * Asks for an installation's token that may read contents and metadata, and nothing else.
 * @throws {Error} for an empty choice of repositories, which GitHub would take for all of them.
 */
export function askForToken(
  conversation: Conversation,
  of: { proof: string; apiUrl: string; installationId: string; repositoryIds?: readonly string[] },
): Promise<Answer> {
  if (of.repositoryIds?.length === 0) throw new Error('A token for no repository was asked for.')
  const octokit = octokitOver(conversation, { auth: of.proof, apiUrl: of.apiUrl })
  return conversation.ask(() =>
    octokit.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: Number(of.installationId),
      permissions: NEEDED,
      ...(of.repositoryIds ? { repository_ids: of.repositoryIds.map(Number) } : {}),
      headers: HEADERS,
    }),
  )
}

/** Asks GitHub for a token of an installation. */
export async function mintInstallationToken(
  world: { readonly fetch: Fetch; readonly clock: () => Date },
  app: AppCredential,
  instance: { baseUrl: string; apiUrl: string; prior: Prior; repositoryIds?: readonly string[]; signal?: AbortSignal },
): Promise<Minting> {
  const conversation = talkToGitHub(world.fetch, instance.signal)
  const { installationId, appId } = app
  const answer = await askForToken(conversation, { ...instance, installationId, proof: proofOf(app, world.clock()) })
  const now = world.clock()
  return (
    mintedIn(answer) ??
    judgeMint(answer, {
      ...{ appId, now, prior: instance.prior, baseUrl: instance.baseUrl },
      ...{ fingerprint: fingerprintOf(app.pem), aheadSeconds: secondsAhead(answer, now) },
    })
  )
}
