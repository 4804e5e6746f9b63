import { createPrivateKey, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { redirectUri } from '../../../server/oauth/redirect-uri.ts'
import { pressConsent } from '../../simulators/press-consent.ts'
import type { RecordedRequest } from '../../simulators/recording.ts'
import { dataOf } from './caller.ts'
import type { Stage } from './connections-story.ts'
import type { Secret } from './scanner.ts'

const withId = z.object({ id: z.string() })
const begun = z.object({ authorizationId: z.string(), url: z.string() })
const told = z.object({ connectionId: z.string().nullable() })
const key = z.object({ d: z.string(), p: z.string() })

/** Somebody who is told of each secret as it is made. */
interface Part extends Stage {
  readonly learn: (secret: Secret) => void
}

/** Applications at both providers: GitHub's is the operator's, GitLab's the organization's. */
export async function registerApplications({ github, gitlab, learn }: Omit<Part, 'caller'>, origin: string) {
  const callback = (provider: 'github' | 'gitlab', baseUrl: string) => redirectUri(origin, { provider, baseUrl })
  const hub = github.app({ owner: 'acme', callbackUrls: [callback('github', github.url)] })
  const lab = gitlab.application({
    redirectUris: [callback('gitlab', gitlab.url)],
    scopes: ['read_api', 'read_repository'],
  })
  const { pem } = await github.appKey({ app: hub.id })
  const { d, p } = key.parse(createPrivateKey(pem).export({ format: 'jwk' }))
  for (const [part, text] of Object.entries({ d, p })) {
    learn({ kind: `private key of the App (${part})`, marker: Buffer.from(text, 'base64url') })
  }
  learn({ kind: 'client secret at GitHub', marker: hub.clientSecret })
  learn({ kind: 'client secret at GitLab', marker: lab.secret.replace('gloas-', '') })
  const installation = github.installation({ app: hub.id, account: 'acme' })
  return { hub, lab, pem, installation }
}
export type Applications = Awaited<ReturnType<typeof registerApplications>>

/** Sign-ins at both providers: completed, repeated, forged, refused and refreshed. */
export async function signIn({ caller, github, gitlab, learn }: Part, { hub, lab }: Applications): Promise<void> {
  const application = { provider: 'gitlab', clientId: lab.uid, clientSecret: lab.secret }
  await caller.mutate('organization.setOauthApplication', { ...application, clientId: lab.secret })
  const swapped = { provider: 'github', clientId: hub.clientSecret, clientSecret: hub.clientId }
  await caller.mutate('organization.setOauthApplication', swapped)
  await caller.mutate('organization.setOauthApplication', application)
  await caller.query('organization.oauthApplications', {})
  let count = 0
  for (const [provider, simulator, route, secret] of [
    ['github', github, 'POST /login/oauth/access_token', hub.clientSecret],
    ['gitlab', gitlab, 'POST /oauth/token', lab.secret],
  ] as const) {
    const begin = async (input: object) => {
      const kind = `state ${++count}`
      const started = dataOf(await caller.mutate('connections.authorize', input, [kind]), begun)
      learn({ kind, marker: new URL(started.url).searchParams.get('state') ?? '' })
      return started
    }
    const comeBack = async (back: URL) => {
      const code = back.searchParams.get('code')
      if (code) learn({ kind: `code ${count}`, marker: code })
      await caller.ask(back.pathname + back.search)
    }
    const { authorizationId, url } = await begin({ provider, name: `signed in at ${provider}` })
    const back = await pressConsent(url)
    const forged = new URL(back)
    forged.searchParams.set('state', randomUUID())
    await comeBack(forged)
    await comeBack(back)
    await comeBack(back)
    const { connectionId } = dataOf(await caller.query('connections.authorization', { authorizationId }), told)
    for (const path of ['refresh', 'validate', 'refresh', 'validate']) {
      await caller.mutate(`connections.${path}`, { connectionId })
    }
    await comeBack(await pressConsent((await begin({ connectionId })).url, { button: 'Cancel' }))
    const said = `${'x'.repeat(170)} client_secret=${encodeURIComponent(secret)}`
    for (const [status, body] of [
      [400, { error: 'odd', error_description: said }],
      [500, `<html>${said}</html>`],
      [200, { error: secret, error_description: `${said} ${Buffer.from(`x:${secret}`).toString('base64')}` }],
    ] as const) {
      const fault = simulator.fault({ kind: 'status', route, times: 1, status, body })
      await caller.mutate('connections.refresh', { connectionId })
      if (fault.hits === 0) throw new Error(`${provider} was not asked for a refresh.`)
    }
    const echo = simulator.fault({
      kind: 'status',
      route,
      times: 1,
      status: 400,
      body: { error: 'odd', error_description: said },
    })
    await comeBack(await pressConsent((await begin({ connectionId })).url))
    if (echo.hits === 0) throw new Error(`${provider} was not asked for tokens.`)
    await comeBack(await pressConsent((await begin({ connectionId })).url))
    await caller.query('connections.get', { connectionId })
    await caller.query('connections.history', { connectionId, limit: 200 })
    await caller.mutate('connections.delete', { connectionId, now: true })
  }
  await caller.mutate('organization.removeOauthApplication', { provider: 'gitlab', baseUrl: gitlab.url })
}

/** An App that is linked by its key, with its key in fields where it does not belong, and broken ones. */
export async function useApp({ caller }: Stage, { hub, pem, installation }: Applications): Promise<void> {
  const credential = {
    kind: 'githubApp',
    appId: String(hub.id),
    installationId: String(installation.id),
    privateKey: pem,
  }
  const create = (changes: object) =>
    caller.mutate('connections.create', { provider: 'github', name: 'App', credential: { ...credential, ...changes } })
  for (const changes of [
    { appId: pem.slice(0, 400) },
    { installationId: pem.slice(40, 400) },
    { privateKey: pem.slice(0, pem.length / 2) },
    { privateKey: pem.replaceAll('\n', ' ').slice(0, -40) },
    { privateKey: `${pem.slice(60, 400)}` },
  ]) {
    await create(changes)
  }
  await caller.mutate('connections.create', { provider: 'github', name: pem.slice(0, 78), credential })
  await caller.mutate('connections.create', { provider: 'github', name: 'x', credential, certificateAuthority: pem })
  const { id: connectionId } = dataOf(await create({}), withId)
  await caller.mutate('connections.validate', { connectionId })
  await caller.mutate('connections.replaceToken', { connectionId, privateKey: pem })
  await caller.mutate('connections.setCertificateAuthority', { connectionId, certificateAuthority: pem })
  await caller.query('connections.history', { connectionId, limit: 200 })
}

const form = z.record(z.string(), z.unknown())
/** Fields of a form that nobody but the provider may see. */
const FIELDS = ['code', 'code_verifier', 'refresh_token', 'client_secret', 'token', 'access_token']

/** Whatever was shown to a provider to prove something, by what it was shown for: a secret, whoever made it. */
export function shownAt(provider: string, requests: readonly RecordedRequest[]): Secret[] {
  const shown = requests.flatMap(({ credential, body, sequence }) => {
    const fields = Object.entries(form.safeParse(body).data ?? {}).filter(([name]) => FIELDS.includes(name))
    const proofs: [string, unknown][] = [...fields, ['credential', credential?.secret]]
    return proofs.map(([name, value]) => ({ kind: `${name} ${sequence} shown at ${provider}`, marker: value }))
  })
  const secrets = new Map<string, Secret>()
  for (const { kind, marker } of shown) {
    // Every signed statement begins alike; its end is what proves.
    if (typeof marker === 'string' && marker.length >= 20) secrets.set(marker, { kind, marker: marker.slice(-40) })
  }
  return [...secrets.values()]
}
