import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startGitHub } from '../simulators/github.ts'
import { startGitLab } from '../simulators/gitlab.ts'
import { openBrowser } from './browser.ts'

const CALLBACK = 'https://app.example.com/back'
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const PROVIDERS = {
  async GitHub() {
    const provider = await startGitHub()
    for (const login of ['ada', 'grace']) provider.user({ login })
    const { clientId, clientSecret } = provider.oauthApp({ callbackUrl: CALLBACK })
    return {
      provider,
      authorize: `${provider.url}/login/oauth/authorize?client_id=${clientId}&state=xyz`,
      token: `${provider.url}/login/oauth/access_token`,
      client: { client_id: clientId, client_secret: clientSecret },
    }
  },
  async GitLab() {
    const provider = await startGitLab({ path: '/gitlab' })
    for (const username of ['ada', 'grace']) provider.user({ username })
    const { uid, secret } = provider.application({ redirectUris: [CALLBACK] })
    const query = `client_id=${uid}&redirect_uri=${CALLBACK}&response_type=code&state=xyz`
    return {
      provider,
      authorize: `${provider.url}/oauth/authorize?${query}`,
      token: `${provider.url}/oauth/token`,
      client: { client_id: uid, client_secret: secret },
    }
  },
}

describe.each(['GitHub', 'GitLab'] as const)('the consent page of the simulated %s, in a browser', (name) => {
  let site: Awaited<ReturnType<(typeof PROVIDERS)[typeof name]>>
  let page: Page

  beforeEach(async () => {
    site = await PROVIDERS[name]()
    page = await browser.newPage()
    await page.route(`${CALLBACK}**`, (route) => route.fulfill({ body: 'Back at the application' }))
  })
  afterEach(async () => {
    await page.close()
    await site.provider[Symbol.asyncDispose]()
  })

  const landed = async () => {
    await page.getByText('Back at the application').waitFor()
    return new URL(page.url()).searchParams
  }

  test('leads back with a code for the person who was switched to', async () => {
    await page.goto(site.authorize)
    await page.getByRole('heading', { name: 'Authorize Git Connections' }).waitFor()
    await page.getByLabel('Signed in as').selectOption('grace')
    await page.getByRole('button', { name: 'Authorize' }).click()
    const back = await landed()
    expect(back.get('state')).toBe('xyz')
    const fields = { ...site.client, redirect_uri: CALLBACK, grant_type: 'authorization_code' }
    const body = new URLSearchParams({ ...fields, code: back.get('code') ?? '' })
    const answer = await fetch(site.token, { method: 'POST', body, headers: { accept: 'application/json' } })
    const token = String(Object(await answer.json()).access_token)
    const user = await fetch(`${site.provider.apiUrl}/user`, { headers: { authorization: `Bearer ${token}` } })
    expect(await user.text()).toContain('grace')
  })

  test('leads back without one after Cancel', async () => {
    await page.goto(site.authorize)
    await page.getByRole('button', { name: 'Cancel' }).click()
    const back = await landed()
    expect([back.get('error'), back.get('code'), back.get('state')]).toEqual(['access_denied', null, 'xyz'])
  })
})
