import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { z } from 'zod'

const response = z.looseObject({
  $ref: z.string().optional(),
  content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
})
const description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), response) }))),
})

/** What GitHub's own description of its API says about one answer. */
export type Verdict = {
  /** False where the description does not list this status for this route. */
  readonly described: boolean
  /** What does not fit, in words; empty where everything does. */
  readonly faults: string
}

/** Compares an answer with the description of its route. */
export type Judge = (route: string, status: number, body: unknown) => Verdict

/**
 * Reads the description that GitHub publishes for its API, version 2022-11-28.
 * A status that a route does not list, yet every route may answer, is compared with the form of a plain error.
 */
export function githubDescription(): Judge {
  const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json')
  const raw: unknown = JSON.parse(readFileSync(path, 'utf8'), nullsAllowed)
  const { paths } = description.parse(raw)
  const ajv = new Ajv({ strict: false, logger: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'github', ...z.looseObject({}).parse(raw) })

  return (route, status, body) => {
    const [method = '', template = ''] = route.split(' ')
    const found = paths[template]?.[method.toLowerCase()]?.responses[String(status)]
    // An answer without content, such as a 204, is described by that alone.
    if (found && !found.$ref && !found.content) return { described: true, faults: body === null ? '' : 'has a body' }
    const pointer = found
      ? (found.$ref ?? `#/paths/${escaped(template)}/${method.toLowerCase()}/responses/${status}`)
      : '#/components/responses/not_found'
    const schema = `github${pointer}/content/${escaped('application/json')}/schema`
    const validate = ajv.getSchema(schema) ?? ajv.compile({ $ref: schema })
    const fits = validate(body)
    return { described: found !== undefined, faults: fits ? '' : ajv.errorsText(validate.errors, { separator: '\n' }) }
  }
}

/** OpenAPI 3.0 writes `nullable` beside a reference or a choice, where JSON Schema knows no such word. */
function nullsAllowed(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (!('nullable' in value) || value.nullable !== true || 'type' in value) return value
  const { nullable: _, ...schema } = value
  return { anyOf: [{ type: 'null' }, schema] }
}

function escaped(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}
