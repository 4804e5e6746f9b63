import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { redirectUri } from '../../server/oauth/redirect-uri.ts'
import type { GitHubSimulator } from './github.ts'
import type { GitLabSimulator } from './gitlab.ts'

/** What an application registered at a provider is known by, on both sides. */
export type SampleApplication = { readonly clientId: string; readonly clientSecret: string }

/** A GitHub App to try: its numbers, where its key lies, and what to expect of each place where it is installed. */
export type SampleApp = SampleApplication & {
  readonly appId: number
  readonly keyFile: string
  readonly installations: readonly { readonly id: number; readonly shows: string }[]
}

/**
 * Registers an OAuth App at a GitHub that was filled before; the same at each start.
 * @param server the address that people open
 */
export function registerOAuthApp(github: GitHubSimulator, server: string): SampleApplication {
  const known = { clientId: 'Ov23liSampleOAuthApp', clientSecret: hex('GitHub OAuth App').slice(0, 40) }
  github.oauthApp({ ...known, callbackUrl: backFrom('github', github, server) })
  return known
}

/** Where the App's key is kept from start to start, for nobody but whoever starts. */
export const KEY_FOLDER = join(tmpdir(), `git-connections-demo-${userInfo().uid}`)

/**
 * Registers a GitHub App and installs it in several places; the same at each start, its key too.
 * @param folder where the key is kept
 */
export async function registerGitHubApp(github: GitHubSimulator, server: string, folder: string): Promise<SampleApp> {
  const known = { clientId: 'Iv23liSampleGitHubAp', clientSecret: hex('GitHub App').slice(0, 40) }
  const { id } = github.app({
    ...known,
    id: 77_001,
    owner: 'northwind',
    name: 'Git Connections Sample',
    callbackUrls: [backFrom('github', github, server)],
  })
  const keyFile = await keepKey(github, { app: id, folder })
  const install = (shows: string, installation: Omit<Parameters<typeof github.installation>[0], 'app'>) => ({
    id: github.installation({ ...installation, app: id }).id,
    shows,
  })
  return {
    ...known,
    appId: id,
    keyFile,
    installations: [
      install('works for all repositories of northwind', { id: 88_001, account: 'northwind' }),
      install('works for one repository of ada', { id: 88_002, account: 'ada', repositories: ['ada/experiments'] }),
      install('may not read contents', { id: 88_003, account: 'fortress', permissions: { metadata: 'read' } }),
      install('is suspended', { id: 88_004, account: 'grace', suspended: true }),
    ],
  }
}

/** Registers an OAuth application at a GitLab that was filled before; the same at each start. */
export function registerApplication(gitlab: GitLabSimulator, place: string, server: string): SampleApplication {
  const uid = hex(`GitLab application ${place}`)
  const secret = `gloas-${hex(`GitLab secret ${place}`)}`
  gitlab.application({ uid, secret, redirectUris: [backFrom('gitlab', gitlab, server)] })
  return { clientId: uid, clientSecret: secret }
}

function backFrom(provider: 'github' | 'gitlab', { url }: { url: string }, server: string): string {
  return redirectUri(server, { provider, baseUrl: url })
}

/** Makes the App's key, or takes the one of the last start, so that what was linked then still works. */
async function keepKey(github: GitHubSimulator, { app, folder }: { app: number; folder: string }): Promise<string> {
  const file = join(folder, 'github-app.pem')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  const { pem } = await github.appKey(kept === undefined ? { app } : { app, pem: kept })
  if (kept === undefined) await writeFile(file, pem, { mode: 0o600 })
  return file
}

function hex(seed: string): string {
  return createHash('sha256').update(`sample ${seed}`).digest('hex')
}
