import { json, Refusal } from './answers.ts'
import type { Call } from './call.ts'

const MAX_OFFSET = 50_000
const MAX_COUNT = 10_000

/** One page of a list by number, with the headers that lead to the others; above 10,000 things none tells how many. */
export function offsetPage<Item>(call: Call, items: readonly Item[], present: (item: Item) => unknown): Response {
  const { perPage, number } = wanted(call)
  const last = Math.max(1, Math.ceil(items.length / perPage))
  const counted = items.length <= MAX_COUNT
  const to = (page: number, rel: string) =>
    `<${address(call, { page: String(page), per_page: String(perPage) })}>; rel="${rel}"`
  const links = [
    ...(number > 1 ? [to(number - 1, 'prev')] : []),
    ...(number < last ? [to(number + 1, 'next')] : []),
    to(1, 'first'),
    ...(counted ? [to(last, 'last')] : []),
  ]
  return json(items.slice((number - 1) * perPage, number * perPage).map(present), 200, {
    link: links.join(', '),
    'x-page': String(number),
    'x-per-page': String(perPage),
    'x-next-page': number < last ? String(number + 1) : '',
    'x-prev-page': number > 1 ? String(number - 1) : '',
    ...(counted ? { 'x-total': String(items.length), 'x-total-pages': String(last) } : {}),
  })
}

/**
 * One page of things in order of id, with only the way to the next.
 * @param items in ascending order of id
 */
export function keysetPage<Item extends { id: number }>(
  call: Call,
  items: readonly Item[],
  present: (item: Item) => unknown,
): Response {
  const { sort = 'desc' } = call.context.req.query()
  const { perPage } = wanted(call)
  const ordered = sort === 'asc' ? items : items.toReversed()
  const shown = ordered.slice(0, perPage)
  const last = shown.at(-1)
  const more = last && ordered.length > perPage
  const after = sort === 'asc' ? 'id_after' : 'id_before'
  return json(
    shown.map(present),
    200,
    more ? { link: `<${address(call, { [after]: String(last.id) })}>; rel="next"` } : {},
  )
}

/**
 * Turns away a way of paging that GitLab does not offer for projects.
 * @throws {Refusal}
 */
export function checkPaging(call: Call): 'offset' | 'keyset' {
  const { pagination, order_by } = call.context.req.query()
  if (pagination === 'keyset') {
    if (order_by === 'id') return 'keyset'
    throw new Refusal(405, { error: 'Keyset pagination is not yet available for this type of request' })
  }
  const { perPage, number } = wanted(call)
  if ((number - 1) * perPage > MAX_OFFSET) {
    throw new Refusal(405, {
      error: `Offset pagination has a maximum allowed offset of ${MAX_OFFSET} for requests that return objects of type Project. Remaining records can be retrieved using keyset pagination.`,
    })
  }
  return 'offset'
}

function wanted({ context }: Call): { perPage: number; number: number } {
  const { per_page, page } = context.req.query()
  return { perPage: Math.min(100, positive(per_page, 20)), number: positive(page, 1) }
}

function positive(text: string | undefined, otherwise: number): number {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : otherwise
}

/** The request's own address, below the host that the instance believes to have, with some of its query changed. */
function address({ context, api }: Call, change: Record<string, string>): string {
  const query = new URLSearchParams({ ...context.req.query(), ...change })
  return `${api.urls.external}/api/v4${context.env.record.path}?${query}`
}
