import type { AppIdsReading } from '../app.ts'

/** The instance that the ids are for. */
interface Instance {
  readonly baseUrl: string
  /** The web root of the instance that an origin belongs to. */
  readonly rootOf: (origin: string) => string
}

const NUMBER = /^[1-9]\d{0,14}$/
const CLIENT_ID = /^(Iv1\.[0-9a-f]{16}|Iv23[A-Za-z0-9]{16})$/
const ADDRESS = /^([a-z][a-z\d+.-]*:\/\/|[a-z\d-]+(\.[a-z\d-]+)*(:\d+)?\/|\/)/i

const APP_ID_IS =
  'The App ID is a number; the App\'s settings show it under "About". The client id beside it works too.'
const INSTALLATION_ID_IS =
  'The Installation ID is the number at the end of the address of the installation\'s page: in the App\'s settings, "Install App", then the wheel beside the account. Paste that address or the number.'

/** What stands in neither field. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN /, 'This is a key; it has a field of its own.'],
  [/^SHA256:/, 'This is the fingerprint of a key.'],
  [/^(gh[a-z]_|github_pat_|gl[a-z]+-)/, 'This is a token.'],
  [/^[0-9a-f]{40}$/, "This is the App's client secret; it is not needed here."],
  [/^(Ov23[A-Za-z0-9]{16}|[0-9a-f]{20})$/, 'This is the client id of an OAuth app, which is not a GitHub App.'],
]

/** Reads both ids from what was typed; swapped numbers can't be told, GitHub will. */
export function readAppIds(typed: { appId: string; installationId: string }, instance: Instance): AppIdsReading {
  const app = readAppId(typed.appId)
  if ('message' in app) return { is: 'refused', field: 'appId', message: `${app.message} ${APP_ID_IS}` }
  const installation = readInstallationId(typed.installationId, instance)
  if ('message' in installation) {
    return { is: 'refused', field: 'installationId', message: `${installation.message} ${INSTALLATION_ID_IS}` }
  }
  return { is: 'ids', appId: app.id, installationId: installation.id }
}

type IdReading = { readonly id: string } | { readonly message: string }

function readAppId(typed: string): IdReading {
  // The settings page says "App ID: 123", and that is what a careless selection copies.
  const text = typed.replace(/^\s*(app|client) id:?\s*/i, '').trim()
  if (NUMBER.test(text) || CLIENT_ID.test(text)) return { id: text }
  if (/\/installations\/\d+/.test(text)) {
    return { message: 'This is the address of an installation, which belongs into the field for the Installation ID.' }
  }
  if (ADDRESS.test(text)) return { message: 'This is an address, not an id.' }
  if (/^Iv(1\.|23)/.test(text)) return { message: 'This looks like a client id of which a part is missing or wrong.' }
  return wrong(text, "This looks like the App's name, not its id.")
}

function readInstallationId(typed: string, instance: Instance): IdReading {
  const text = typed.replace(/^\s*installation id:?\s*/i, '').trim()
  if (NUMBER.test(text)) return { id: text }
  if (ADDRESS.test(text)) return readInstallationUrl(text, instance)
  if (/^Iv(1\.|23)/.test(text)) return { message: 'This is the client id of the App, not of an installation.' }
  return wrong(text, 'This looks like a name, not an id.')
}

function readInstallationUrl(text: string, { baseUrl, rootOf }: Instance): IdReading {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text.replace(/^\/+/, '')}`)
  if (!url || !/^https?:$/.test(url.protocol)) return { message: 'This address cannot be read.' }
  // GitHub adds the id to the address to which it sends people after an installation, whose host is anybody's.
  const returned = url.searchParams.get('installation_id')
  if (returned !== null && NUMBER.test(returned)) return { id: returned }
  const id = /\/installations\/([1-9]\d{0,14})(?=\/|$)/.exec(url.pathname)?.[1]
  if (id === undefined) return { message: pageOf(url.pathname) }
  const host = new URL(rootOf(url.origin)).host
  const wanted = new URL(baseUrl).host
  if (host !== wanted) return { message: `This address is at ${host}, but the connection is for ${wanted}.` }
  return { id }
}

/** What a page without an installation's id is. */
function pageOf(path: string): string {
  if (/\/installations\/(new|select_target)/.test(path)) {
    return 'This is the address where the App is installed, not that of an installation.'
  }
  if (/\/settings\/apps\//.test(path)) return "This is the address of the App's settings, not of an installation."
  if (/^\/(apps|github-apps)\//.test(path))
    return "This is the address of the App's public page, not of an installation."
  if (/\/installations\/?$/.test(path)) return 'This is the address of the list of installations. Open one of them.'
  return 'This address is not that of an installation.'
}

function wrong(text: string, name: string): IdReading {
  if (text === '') return { message: 'Nothing was typed.' }
  const other = OTHERS.find(([form]) => form.test(text))
  if (other) return { message: other[1] }
  if (/^[a-z][a-z\d-]*$/i.test(text)) return { message: name }
  return { message: /^\d+$/.test(text) ? 'This number is no id of GitHub.' : 'This holds characters that no id has.' }
}
