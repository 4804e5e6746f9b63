import { html } from 'hono/html'

/** What a provider asks a signed-in person when an application wants to act for them. */
export type ConsentPage = {
  readonly provider: string
  readonly application: string
  readonly scopes: readonly string[]
  /** Everybody who can sign in. */
  readonly users: readonly string[]
  readonly signedIn: string
}

/** A page for people and browsers: it needs no script, and its form comes back to the address that it was shown at. */
export function consentPage(page: ConsentPage): Response {
  const { application, provider } = page
  const options = page.users.map(
    (user) => html`<option value="${user}" ${user === page.signedIn ? 'selected' : ''}>${user}</option>`,
  )
  const scopes = page.scopes.map((scope) => html`<li><code>${scope}</code></li>`)
  return webPage(
    `Authorize ${application}`,
    html`<p>Simulated ${provider}</p>
      <h1>Authorize ${application}</h1>
      <p>${application} wants to act for you.</p>
      <ul>
        ${scopes}
      </ul>
      <form method="post">
        <label>Signed in as <select name="user">${options}</select></label>
        <button name="answer" value="authorize">Authorize</button>
        <button name="answer" value="cancel">Cancel</button>
      </form>`,
  )
}

/** A page that says one thing, such as why an application may not ask. */
export function noticePage(status: number, title: string, text: string): Response {
  return webPage(title, html`<h1>${title}</h1><p>${text}</p>`, status)
}

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 4rem auto; padding: 0 1rem }
button, select { font: inherit; padding: .4rem .8rem; margin: .5rem .5rem .5rem 0 }
label { display: block }`

/** With an icon in itself, since a browser asks for it where a page has none. */
function webPage(title: string, content: ReturnType<typeof html>, status = 200): Response {
  const page = html`<!DOCTYPE html>
    <html lang="en">
      <head><meta charset="utf-8" /><link rel="icon" href="data:," /><title>${title}</title><style>${STYLE}</style></head>
      <body>
        ${content}
      </body>
    </html>`
  return new Response(String(page), { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}
