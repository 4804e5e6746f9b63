import { z } from 'zod'

/** One answer of the server, whole, and the kinds of secrets that it is there to show. */
export interface Answer {
  readonly what: string
  readonly status: number
  readonly headers: string
  readonly body: string
  readonly shows: readonly string[]
}

export type Caller = ReturnType<typeof createCaller>

const result = z.object({ result: z.object({ data: z.unknown() }) })

/** Asks a server and keeps every answer. */
export function createCaller(url: string, origin: string) {
  const answers: Answer[] = []
  let cookie = ''

  async function ask(path: string, init: RequestInit = {}, shows: readonly string[] = []): Promise<Answer> {
    const headers = { origin, ...(cookie === '' ? {} : { cookie }), ...Object.fromEntries(new Headers(init.headers)) }
    const response = await fetch(`${url}${path}`, { ...init, headers, redirect: 'manual' })
    const answer = {
      ...{ what: `${init.method ?? 'GET'} ${path.slice(0, 60)}`, status: response.status, shows },
      headers: [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n'),
      body: await response.text(),
    }
    answers.push(answer)
    const set = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
    if (set.length > 0) cookie = set.join('; ')
    return answer
  }

  const json = (body: unknown, headers: Record<string, string> = {}) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

  return {
    answers: answers as readonly Answer[],
    cookie: () => cookie,
    /** Goes on as nobody, or as the person of that cookie. */
    become(another: string) {
      cookie = another
    },
    ask,
    post: (path: string, body: unknown, options: { shows?: string[]; headers?: Record<string, string> } = {}) =>
      ask(path, json(body, options.headers), options.shows),
    query: (path: string, input: unknown, shows?: string[]) =>
      ask(`/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {}, shows),
    mutate: (path: string, input: unknown, shows?: string[]) => ask(`/trpc/${path}`, json(input), shows),
  }
}

/** What a procedure gave; fails where it refused. */
export function dataOf<Schema extends z.ZodType>(answer: Answer, schema: Schema): z.output<Schema> {
  if (answer.status !== 200) throw new Error(`${answer.what} was answered ${answer.status}: ${answer.body}`)
  return schema.parse(result.parse(JSON.parse(answer.body)).result.data)
}

/** Listens to the organization's events until told to stop; what came is given as it was sent. */
export async function listen(url: string, cookie: string) {
  const stopping = new AbortController()
  const input = encodeURIComponent(JSON.stringify({ lastEventId: 0 }))
  const response = await fetch(`${url}/trpc/live.events?input=${input}`, {
    headers: { cookie },
    signal: stopping.signal,
  })
  let text = ''
  const reading = (async () => {
    for await (const part of response.body ?? []) text += Buffer.from(part).toString('utf8')
  })().catch(() => {})
  return {
    text: () => text,
    async stop() {
      stopping.abort()
      await reading
    },
  }
}
