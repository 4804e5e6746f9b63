import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { z } from 'zod'
import { faultSchema } from '../simulators/faults/fault.ts'

/** One answer as a provider's documentation, or its own code, states it. */
const statedAnswer = z.strictObject({
  name: z.string(),
  source: z.url().optional(),
  /** Who asks: a name from the test's cast. */
  as: z.string().default('nobody'),
  method: z.string().default('GET'),
  path: z.string(),
  /** The fields of a form that is sent along. */
  form: z.record(z.string(), z.string()).optional(),
  /** What is sent along as JSON instead. */
  json: z.json().optional(),
  /** Further headers of the request. */
  send: z.record(z.string(), z.string()).default({}),
  status: z.int(),
  /** A pattern for each header; null for one that must be missing. */
  headers: z.record(z.string(), z.string().nullable()).default({}),
  /** A schema for a body in JSON. */
  body: z.json().optional(),
  /** A pattern for a body that is no JSON. */
  text: z.string().optional(),
  fault: faultSchema.optional(),
  unexpected: z.literal(true).optional(),
})
export type StatedAnswer = z.output<typeof statedAnswer>

const fixture = z.strictObject({ source: z.url(), cases: z.array(statedAnswer) })
const SCHEMAS = 'schemas.json'
const FIXTURES = new URL('../simulators/fixtures/', import.meta.url)

/** Everything stated in one folder of fixtures, a topic a file, and how to hold an answer against it. */
export function statedAnswers(folder: string) {
  const place = new URL(`${folder}/`, FIXTURES)
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, place), 'utf8'))
  const names = readdirSync(place)
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  if (names.includes(SCHEMAS)) ajv.addSchema(z.looseObject({}).parse(read(SCHEMAS)))
  const topics = names
    .filter((name) => name !== SCHEMAS)
    .map((name) => ({ topic: name.replace('.json', '').replaceAll('-', ' '), ...fixture.parse(read(name)) }))

  /** Fails where the answer is not the one that is stated. */
  async function compare(answer: Response, stated: StatedAnswer): Promise<void> {
    const text = await answer.text()
    expect(answer.status, text).toBe(stated.status)
    for (const [name, pattern] of Object.entries(stated.headers)) {
      const value = answer.headers.get(name)
      if (pattern === null) expect(value, name).toBeNull()
      else expect(value, name).toMatch(new RegExp(pattern))
    }
    if (stated.text !== undefined) expect(text).toMatch(new RegExp(stated.text))
    if (stated.body !== undefined) {
      const fits = ajv.validate(z.looseObject({}).parse(stated.body), JSON.parse(text))
      expect(fits ? '' : ajv.errorsText(ajv.errors, { separator: '\n' }), text).toBe('')
    }
  }
  return { topics, compare }
}

/** What stands for each name in braces; made anew wherever it is named. */
export type Values = Readonly<Record<string, () => string | Promise<string>>>

/** Sends what a case says, with the values of this run put in for the names in braces. */
export async function sendStated(stated: StatedAnswer, root: string, values: Values): Promise<Response> {
  const filled = async (text: string): Promise<string> => {
    const [, name] = /\{([\w' -]+)\}/.exec(text) ?? []
    return name === undefined ? text : filled(text.replace(`{${name}}`, (await values[name]?.()) ?? 'nothing'))
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(stated.send)) headers[name] = await filled(value)
  let body: string | URLSearchParams | null = stated.form ? new URLSearchParams() : null
  for (const [name, value] of Object.entries(stated.form ?? {})) {
    if (body instanceof URLSearchParams) body.set(name, await filled(value))
  }
  if (stated.json !== undefined) {
    headers['content-type'] = 'application/json'
    body = await filled(JSON.stringify(stated.json))
  }
  return fetch(root + (await filled(stated.path)), { method: stated.method, headers, body, redirect: 'manual' })
}
