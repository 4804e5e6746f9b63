/**
 * The query of the next page. Only it is taken from the Link header, whose host is the one that the instance believes
 * to have.
 */
export function nextQuery(headers: Headers): string | null {
  const link = /<([^<>]*)>\s*;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1]
  const at = link?.indexOf('?') ?? -1
  return link === undefined || at < 0 ? null : link.slice(at + 1)
}
