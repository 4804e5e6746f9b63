import { z } from 'zod'
import { faultSchema } from './faults/fault.ts'
import type { RequestDesk } from './simulator.ts'

/** Where a simulator takes orders from outside its process. No provider has such a path. */
export const CONTROL_ROOT = '/__simulator'

/** Something that can be done to the simulated world, called from a test or, as JSON, over HTTP. */
export type Action<Input, Result> = {
  (input: Input): Result
  /** @throws {z.ZodError} when the JSON does not fit */
  fromJson(json: unknown): Result
}

/** Everything that can be done, by name. */
export type Actions = Readonly<Record<string, { fromJson(json: unknown): unknown }>>

/** Makes one function that serves tests and the control endpoint, with its input checked in both. */
export function action<Schema extends z.ZodType, Result>(
  schema: Schema,
  run: (input: z.output<Schema>) => Result,
): Action<z.input<Schema>, Result> {
  const fromJson = (json: unknown) => run(schema.parse(json))
  return Object.assign((input: z.input<Schema>) => fromJson(input), { fromJson })
}

/**
 * Answers orders from outside: `GET /__simulator` lists the world's actions, the faults and the requests;
 * `POST /__simulator/<action>` does one, with its input as JSON.
 */
export async function answerControl(
  request: Request,
  { desk, actions }: { desk: RequestDesk; actions: Actions },
): Promise<Response> {
  const all: Actions = { ...actions, ...commonActions(desk) }
  const name = new URL(request.url).pathname.slice(CONTROL_ROOT.length + 1)
  if (request.method === 'GET') return report(name, desk, all)
  const wanted = Object.hasOwn(all, name) ? all[name] : undefined
  if (request.method !== 'POST' || !wanted) return json({ error: `No such action: ${request.method} ${name}` }, 404)
  try {
    const text = await request.text()
    const result: unknown = await wanted.fromJson(text === '' ? {} : JSON.parse(text))
    return json(result ?? null, 200)
  } catch (error) {
    return json({ error: said(error) }, 400)
  }
}

function commonActions(desk: RequestDesk) {
  return {
    fault: action(faultSchema, (fault) => ({ id: desk.faults.add(fault).id })),
    'lift-fault': action(z.object({ id: z.int() }), ({ id }) => {
      const fault = desk.faults.get(id)
      fault?.lift()
      return { lifted: fault !== undefined }
    }),
    'lift-faults': action(z.object({}), () => desk.faults.clear()),
    'forget-requests': action(z.object({}), () => desk.recorder.clear()),
    reset: action(z.object({}), () => desk.reset()),
  }
}

function report(name: string, desk: RequestDesk, actions: Actions): Response {
  const { requests, unexpected } = desk.recorder
  const faults = desk.faults.all().map(({ id, hits, fault }) => ({ id, hits, ...fault }))
  if (name === 'requests') return json(requests, 200)
  if (name === 'unexpected') return json(unexpected, 200)
  if (name === 'faults') return json(faults, 200)
  if (name === '') return json({ actions: Object.keys(actions), faults, requests: requests.length, unexpected }, 200)
  return json({ error: `No such report: ${name}` }, 404)
}

function said(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error)
  return error instanceof Error ? error.message : String(error)
}

function json(value: unknown, status: number): Response {
  return new Response(`${JSON.stringify(value, null, 2)}\n`, {
    status,
    headers: { 'content-type': 'application/json' },
  })
}
