import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { redirectUri } from '../../server/oauth/redirect-uri.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'
import { pressConsent } from '../simulators/press-consent.ts'
import { registerApplication, registerGitHubApp, registerOAuthApp } from '../simulators/sample-applications.ts'
import { fillGitHub, fillGitLab } from '../simulators/sample-world.ts'
import { claimsAt, signed } from './app-jwt.ts'

const SERVER = 'http://localhost:3000'
const answered = z.looseObject({ access_token: z.string() })

let github: GitHubSimulator
let gitlab: GitLabSimulator
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'))
  github = await startGitHub()
  gitlab = await startGitLab()
  fillGitHub(github)
  fillGitLab(gitlab, 'root')
})
afterAll(async () => {
  await github[Symbol.asyncDispose]()
  await gitlab[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

async function exchanged(url: string, fields: Record<string, string>): Promise<string> {
  const headers = { accept: 'application/json' }
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers })
  return answered.parse(await answer.json()).access_token
}

async function whose(api: string, token: string): Promise<string> {
  return (await fetch(`${api}/user`, { headers: { authorization: `Bearer ${token}` } })).text()
}

describe('what the demo registers', () => {
  test('at GitHub, is an OAuth App that leads people back to the server', async () => {
    const { clientId, clientSecret } = registerOAuthApp(github, SERVER)
    const there = redirectUri(SERVER, { provider: 'github', baseUrl: github.url })
    const query = new URLSearchParams({ client_id: clientId, redirect_uri: there })
    const back = await pressConsent(`${github.url}/login/oauth/authorize?${query}`, { user: 'margaret' })
    expect(back.href).toContain(`${there}?code=`)
    const code = back.searchParams.get('code') ?? ''
    const fields = { client_id: clientId, client_secret: clientSecret, code }
    const token = await exchanged(`${github.url}/login/oauth/access_token`, fields)
    expect(await whose(github.apiUrl, token)).toContain('"margaret"')
  })

  test('at GitLab, is an application that leads people back to the server', async () => {
    const { clientId, clientSecret } = registerApplication(gitlab, 'root', SERVER)
    const there = redirectUri(SERVER, { provider: 'gitlab', baseUrl: gitlab.url })
    const redirect = { client_id: clientId, redirect_uri: there }
    const query = new URLSearchParams({ ...redirect, response_type: 'code' })
    const back = await pressConsent(`${gitlab.url}/oauth/authorize?${query}`, { user: 'ada' })
    const code = back.searchParams.get('code') ?? ''
    const fields = { ...redirect, client_secret: clientSecret, code, grant_type: 'authorization_code' }
    const token = await exchanged(`${gitlab.url}/oauth/token`, fields)
    expect(await whose(gitlab.apiUrl, token)).toContain('"ada"')
  })

  test('is an App, whose key lies in a file for its owner alone, the same at the next start', async () => {
    const app = await registerGitHubApp(github, SERVER, folder)
    const pem = await readFile(app.keyFile, 'utf8')
    expect((await stat(app.keyFile)).mode & 0o777).toBe(0o600)
    const headers = { authorization: `Bearer ${signed(claimsAt(new Date(), app.appId), pem)}` }
    const statuses = app.installations.map(async ({ id }) => {
      const url = `${github.apiUrl}/app/installations/${id}/access_tokens`
      return (await fetch(url, { method: 'POST', headers })).status
    })
    expect(await Promise.all(statuses)).toEqual([201, 201, 201, 403])

    await using next = await startGitHub()
    fillGitHub(next)
    expect((await registerGitHubApp(next, SERVER, folder)).keyFile).toBe(app.keyFile)
    expect((await fetch(`${next.apiUrl}/app`, { headers })).status).toBe(200)
  })
})
