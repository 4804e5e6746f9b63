import { createClient } from '@git-connections/client'
import { z } from 'zod'
import { startGitHub } from '../simulators/github.ts'
import { startGitLab } from '../simulators/gitlab.ts'
import type { LoadOptions } from './connection-load.ts'

const account = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
const madeKey = z.object({ result: z.object({ data: z.object({ key: z.string() }) }) })

/** The providers as a server under test sees them. */
export interface Providers {
  /** Tokens that work: with a repository for git to try, and without, which is quick. */
  readonly tokens: LoadOptions['tokens']
  /** What a server must be told to go to them. */
  readonly settings: Readonly<Record<string, string>>
  /** @throws {Error} naming requests that no provider expects. */
  readonly close: () => Promise<void>
}

/** Starts a GitHub and a GitLab. */
export async function startProviders(): Promise<Providers> {
  const [github, gitlab] = await Promise.all([startGitHub(), startGitLab()])
  github.user({ login: 'quick-bot' })
  github.user({ login: 'acme-bot' })
  github.repository({ fullName: 'acme-bot/shop', visibility: 'private', files: { 'README.md': 'shop' } })
  gitlab.user({ username: 'lab-bot' })
  const classic = (user: string) => github.token({ kind: 'classic', user, scopes: ['repo', 'read:org'] })
  const hosts = [github.url, github.apiUrl, gitlab.url].map((address) => new URL(address).host)
  return {
    tokens: [
      { provider: 'github', token: classic('quick-bot') },
      { provider: 'github', token: classic('acme-bot') },
      {
        provider: 'gitlab',
        token: gitlab.token({ kind: 'personal', user: 'lab-bot', scopes: ['api', 'read_repository'] }),
      },
    ],
    settings: {
      ...{ GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, GITLAB_URL: gitlab.url },
      TRUSTED_HOSTS: hosts.join(','),
    },
    async close() {
      await github[Symbol.asyncDispose]()
      await gitlab[Symbol.asyncDispose]()
    },
  }
}

/** The first account of a server, in the browser and as a program. */
export interface Caller {
  readonly organizationId: string
  readonly cookie: string
  readonly apiKey: string
}

/** Signs the first account up, and makes it a key. */
export async function signUp(address: string): Promise<Caller> {
  const signedUp = await post(`${address}/api/auth/sign-up/email`, account, { origin: address })
  const parts = signedUp.headers.getSetCookie().map((line) => line.split(';')[0])
  const cookie = parts.join('; ')
  const rights = ['see', 'use', 'manage']
  const made = await post(`${address}/trpc/organization.createKey`, { name: 'load', rights }, { cookie })
  const apiKey = madeKey.parse(await made.json()).result.data.key
  const { id } = await createClient({ url: address, apiKey }).organization.get.query()
  return { organizationId: id, cookie, apiKey }
}

async function post(url: string, body: object, headers: Record<string, string>): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return response
}
