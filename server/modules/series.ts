/** A series of Odoo in the form `17.0`. */
export type Series = string & { readonly [series]: true }
declare const series: unique symbol

const OLDEST = 8
const NEWEST = 30

/** The series from 8.0 to 30.0; null for another text. */
export function parseSeries(text: string): Series | null {
  return isSeries(text) ? text : null
}

function isSeries(text: string): text is Series {
  const major = /^([1-9][0-9]?)\.0$/.test(text) ? Number.parseInt(text, 10) : 0
  return major >= OLDEST && major <= NEWEST
}

/** The number before the point. */
export function majorOf(series: Series): number {
  return Number.parseInt(series, 10)
}

/**
 * The names of a module's manifest, the first that is there counts. 18.0 is taken to know the old name as 17.0 does.
 * @see https://github.com/odoo/odoo/blob/17.0/odoo/modules/module.py `MANIFEST_NAMES`
 */
export function manifestFileNames(series: Series): readonly string[] {
  const major = majorOf(series)
  if (major < 10) return ['__openerp__.py']
  return major < 19 ? ['__manifest__.py', '__openerp__.py'] : ['__manifest__.py']
}
