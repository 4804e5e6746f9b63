import { json } from './answers.ts'
import type { Call } from './call.ts'

/**
 * One page of a list, with the Link header that leads to the others.
 * @param around what stands around the page, where it does not come alone
 */
export function page<Item>(
  { context, api }: Pick<Call, 'context' | 'api'>,
  items: readonly Item[],
  present: (item: Item) => unknown,
  around: (shown: unknown[]) => unknown = (shown) => shown,
): Response {
  const perPage = Math.min(100, positive(context.req.query('per_page'), 30))
  const number = positive(context.req.query('page'), 1)
  const last = Math.max(1, Math.ceil(items.length / perPage))
  const to = (page: number, rel: string) => {
    const url = new URL(context.req.url)
    url.searchParams.set('page', String(page))
    return `<${api.urls.api}${context.env.record.path}${url.search}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [to(number - 1, 'prev')] : []),
    ...(number < last ? [to(number + 1, 'next'), to(last, 'last')] : []),
    ...(number > 1 ? [to(1, 'first')] : []),
  ]
  const shown = items.slice((number - 1) * perPage, number * perPage).map(present)
  return json(around(shown), 200, links.length > 0 ? { link: links.join(', ') } : {})
}

function positive(text: string | undefined, otherwise: number): number {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : otherwise
}
