/** How somebody answers at the consent page. */
export type Press = {
  readonly button?: 'Authorize' | 'Cancel'
  /** Switches to this person first; without it, whoever is signed in answers. */
  readonly user?: string
}

/**
 * Goes through a consent page as a browser does, without one.
 * @returns where it leads in the end: the application's callback with what it carries
 * @throws {Error} when there is no page with that button, or nobody of that name to switch to
 */
export async function pressConsent(url: string | URL, { button = 'Authorize', user }: Press = {}): Promise<URL> {
  const shown = await fetch(url, { redirect: 'manual' })
  if (shown.status === 302) return destination(shown, url)
  const page = await shown.text()
  const users = [...page.matchAll(/<option value="([^"]*)"( selected)?/g)]
  const chosen = users.find(([, name, selected]) => (user === undefined ? selected !== undefined : name === user))?.[1]
  const answer = new RegExp(`<button name="answer" value="(\\w+)">${button}</button>`).exec(page)?.[1]
  if (chosen === undefined || answer === undefined) throw new Error(`Nothing to press: ${shown.status} ${page}`)
  const body = new URLSearchParams({ user: chosen, answer })
  return destination(await fetch(url, { method: 'POST', body, redirect: 'manual' }), url)
}

async function destination(answer: Response, from: string | URL): Promise<URL> {
  const location = answer.headers.get('location')
  if (location === null) throw new Error(`The page led nowhere: ${answer.status} ${await answer.text()}`)
  return new URL(location, from)
}
