import { z } from 'zod'

/** Which requests a fault takes hold of. Everything left out matches everything. */
const reach = {
  /** Only requests that show this credential, or send it as a field of their form or JSON. */
  token: z.string().optional(),
  /**
   * A path below the API's or the web root, with or without a method: `GET /user`, `/repos/{owner}/{repo}`.
   * `*` or `{name}` stands for one segment, `**` for any rest.
   */
  route: z.string().optional(),
  area: z.enum(['api', 'git', 'web']).optional(),
  /** How many requests it spoils before it is over; without it, all. */
  times: z.int().positive().optional(),
  /** How many matching requests pass unharmed first. */
  skip: z.int().nonnegative().default(0),
}

const headers = z.record(z.string(), z.string())
const limitStatus = z.union([z.literal(403), z.literal(429)]).optional()

/** Everything that can go wrong on purpose, set from outside the simulator. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Answers with a status and a body of the caller's choice; an object is sent as JSON. */
  z.object({
    ...reach,
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.json().optional(),
    headers: headers.optional(),
  }),
  /** Another server answered: a proxy's page, or a sign-in page with status 200. */
  z.object({ ...reach, kind: z.literal('html'), status: z.int().min(200).max(599).default(502) }),
  /** A redirect, perhaps to another host. */
  z.object({
    ...reach,
    kind: z.literal('redirect'),
    location: z.string(),
    status: z.int().min(301).max(308).default(302),
  }),
  z.object({
    ...reach,
    kind: z.literal('rate-limit-primary'),
    status: limitStatus,
    resetSeconds: z.int().default(1800),
  }),
  z.object({
    ...reach,
    kind: z.literal('rate-limit-secondary'),
    status: limitStatus,
    retryAfter: z.int().nullable().default(60),
  }),
  /** Says nothing until the fault is lifted; then answers as usual. */
  z.object({ ...reach, kind: z.literal('hang') }),
  z.object({ ...reach, kind: z.literal('delay'), milliseconds: z.int().nonnegative() }),
  /** Ends the TCP connection at once, before anything is done. */
  z.object({ ...reach, kind: z.literal('reset') }),
  /** Does what was asked, then ends the connection without a word. */
  z.object({ ...reach, kind: z.literal('lost-answer') }),
  /** Does what was asked, and keeps the answer back until the fault is lifted. */
  z.object({ ...reach, kind: z.literal('withheld-answer') }),
  /** Announces the whole answer, sends half of it, ends the connection. */
  z.object({ ...reach, kind: z.literal('cut') }),
  z.object({ ...reach, kind: z.literal('empty') }),
  z.object({ ...reach, kind: z.literal('garbage'), sizeBytes: z.int().positive().default(512) }),
  /** Bytes that are no HTTP at all. */
  z.object({ ...reach, kind: z.literal('not-http') }),
  z.object({
    ...reach,
    kind: z.literal('huge-headers'),
    sizeBytes: z
      .int()
      .positive()
      .default(256 * 1024),
  }),
  /** A body that never ends. */
  z.object({ ...reach, kind: z.literal('endless') }),
  /** The usual answer, a byte at a time. */
  z.object({ ...reach, kind: z.literal('drip'), everyMilliseconds: z.int().positive().default(200) }),
  /** A small answer that unpacks to `sizeBytes`. */
  z.object({
    ...reach,
    kind: z.literal('gzip-bomb'),
    sizeBytes: z
      .int()
      .positive()
      .default(512 * 1024 * 1024),
  }),
  /** Says gzip and is not. */
  z.object({ ...reach, kind: z.literal('bad-gzip') }),
  z.object({ ...reach, kind: z.literal('deep-json'), depth: z.int().positive().default(200_000) }),
  /** The usual answer, with headers set or taken away. */
  z.object({ ...reach, kind: z.literal('headers'), set: headers.default({}), remove: z.array(z.string()).default([]) }),
  /** The usual answer without the header that says that the provider itself answered. */
  z.object({ ...reach, kind: z.literal('no-request-id') }),
  /** The usual answer, whose links to further pages lead to another origin. */
  z.object({ ...reach, kind: z.literal('foreign-link'), origin: z.url() }),
])

/** A fault with everything filled in. */
export type Fault = z.output<typeof faultSchema>

/** A fault as a test writes it down. */
export type FaultInput = z.input<typeof faultSchema>
