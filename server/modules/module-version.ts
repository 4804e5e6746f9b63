import { majorOf, type Series } from './series.ts'

/** The version that Odoo records of a module, or why it takes none. */
export type ModuleVersion =
  | { readonly is: 'version'; readonly full: string }
  | { readonly is: 'wrong'; readonly stated: string; readonly message: string }

/**
 * What a series makes of the version that a manifest states: up to 16.0 anything goes, later it must be a version of the
 * series, with or without its number before it.
 * @see https://github.com/odoo/odoo/pull/118420 and https://github.com/odoo/odoo/pull/175869
 */
export function moduleVersion(stated: string, series: Series): ModuleVersion {
  const major = majorOf(series)
  if (major >= 19) return integerVersion(stated, series)
  const isFull = stated.startsWith(`${series}.`)
  const rest = isFull ? stated.slice(series.length + 1) : stated
  if (major >= 17 && !/^[0-9]+\.[0-9]+(?:\.[0-9]+)?$/.test(rest)) return wrong(stated, series)
  return { is: 'version', full: `${series}.${rest}` }
}

function integerVersion(stated: string, series: Series): ModuleVersion {
  const parts = stated.split('.')
  if (parts.length < 2 || parts.length > 5 || parts.some((part) => !/^[0-9]+$/.test(part))) return wrong(stated, series)
  const full = parts.length <= 3 && !stated.startsWith(series) ? `${series}.${stated}` : stated
  return full.startsWith(`${series}.`) ? { is: 'version', full } : wrong(stated, series)
}

function wrong(stated: string, series: Series): ModuleVersion {
  const shown = stated.length <= 40 ? stated : `${stated.slice(0, 40)}...`
  return {
    ...{ is: 'wrong', stated },
    message: `Odoo ${series} does not take the version "${shown}"; write ${series}.1.0.0 or 1.0.0.`,
  }
}
