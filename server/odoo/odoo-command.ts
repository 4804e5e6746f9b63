import { join } from 'shlex'
import type { Words } from './command-words.ts'

/** The first series that has no demo data unless it is asked for. */
const NO_DEMO_BY_DEFAULT = 19

/** What Odoo is to do in one run. */
export interface OdooRun {
  /** Such as `17.0`. */
  readonly series: string
  readonly database: string
  /** All folders of modules, absolute, in the order in which Odoo is to look; Odoo's own among them. */
  readonly addonsPath: readonly string[]
  readonly install: readonly string[]
  readonly update: readonly string[]
  /** Whether new modules bring their demonstration data: for development only. */
  readonly demo: boolean
}

/**
 * The operator's command with what one run needs: it installs and updates, then ends, and opens no port.
 * @see https://www.odoo.com/documentation/17.0/developer/reference/cli.html
 */
export function odooCommand(command: Words, run: OdooRun): Words {
  const [program, ...args] = command
  return [
    program,
    ...args,
    ...['--addons-path', list(run.addonsPath), '-d', run.database],
    ...(run.install.length > 0 ? ['-i', list(run.install)] : []),
    ...(run.update.length > 0 ? ['-u', list(run.update)] : []),
    // With workers, Odoo would bind its port before it loads anything.
    ...['--stop-after-init', '--no-http', '--workers=0'],
    ...demoOption(run),
  ]
}

/** The same command as people can paste it into a shell. */
export function writtenCommand(words: Words): string {
  return join(words)
}

/** Up to 18, demonstration data comes unless it is refused, and the bare option would swallow the next word. */
function demoOption({ series, demo }: OdooRun): string[] {
  if (Number.parseInt(series, 10) >= NO_DEMO_BY_DEFAULT) return demo ? ['--with-demo'] : []
  return demo ? [] : ['--without-demo=all']
}

/** Odoo splits at each comma, and knows no way to write one. */
function list(parts: readonly string[]): string {
  const split = parts.find((part) => part.includes(','))
  if (split !== undefined) throw new Error(`Odoo would take ${JSON.stringify(split)} for several names`)
  return parts.join(',')
}
