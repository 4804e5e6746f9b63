import { z } from 'zod'

const json = z.record(z.string(), z.unknown())

/**
 * The fields of a form or a JSON object; null where the request carries neither, and for JSON that is none.
 * Any other body, such as git's, stays unread.
 */
export async function readFields(request: Request): Promise<Readonly<Record<string, unknown>> | null> {
  const type = request.headers.get('content-type') ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(await request.text()))
  }
  if (!type.startsWith('application/json')) return null
  try {
    return json.parse(JSON.parse(await request.text()))
  } catch {
    return null
  }
}
