import {
  type FieldReader,
  type Fields,
  fieldsOf,
  readFlag,
  readNames,
  readNamesOrOne,
  readText,
} from './manifest-fields.ts'
import { type ModuleVersion, moduleVersion } from './module-version.ts'
import { readPythonLiteral } from './python-literal.ts'
import { majorOf, type Series } from './series.ts'

/** What a module needs beside other modules: packages of Python, programs, packages of Debian. */
export type ExternalKind = 'python' | 'bin' | 'deb'
export type ExternalDependencies = Readonly<Record<ExternalKind, readonly string[]>>

/** What Odoo knows of a module by its manifest, with the defaults of the series. */
export interface Manifest {
  /** The folder's name, by which Odoo and other modules call it. */
  readonly name: string
  readonly title: string
  readonly version: ModuleVersion
  readonly depends: readonly string[]
  readonly installable: boolean
  readonly application: boolean
  /** It is installed by itself once all of these are; null for never. */
  readonly autoInstall: readonly string[] | null
  /** Modules beside which it cannot be installed. */
  readonly excludes: readonly string[]
  readonly external: ExternalDependencies
}

/** What is known of a module's manifest; line and column count from 1. */
export type ManifestReading =
  | { readonly is: 'manifest'; readonly manifest: Manifest }
  | { readonly is: 'problem'; readonly line: number; readonly column: number; readonly message: string }

/** Series from which on `auto_install` may name the modules that it waits for. */
const TRIGGERS_SINCE = 13
/** Series from which on a module that depends on nothing depends on base. */
const BASE_SINCE = 19
const NAMES = 'a list of strings'

/**
 * Reads the text of a manifest without running it. A version that the series does not take is part of the manifest, since
 * it harms nobody as long as the module is not installed.
 * @see https://www.odoo.com/documentation/17.0/developer/reference/backend/module.html
 */
export function readManifest(text: string, { folder, series }: { folder: string; series: Series }): ManifestReading {
  const literal = readPythonLiteral(text)
  if (literal.is === 'problem') return literal
  if (literal.is !== 'dict') return problem(1, 'A manifest is a dict: { ... }.')
  const fields = fieldsOf(literal.entries)
  const depends = readDepends(fields, folder, series)
  const autoInstall = readAutoInstall(fields, depends, series)
  const manifest: Manifest = {
    name: folder,
    title: fields.field('name', folder, readText, 'a string'),
    version: moduleVersion(fields.field('version', '1.0', readText, 'a string'), series),
    depends,
    installable: fields.field('installable', true, readFlag, 'True or False'),
    application: fields.field('application', false, readFlag, 'True or False'),
    autoInstall,
    excludes: fields.field('excludes', [], readNames, NAMES),
    external: fields.field('external_dependencies', { python: [], bin: [], deb: [] }, readExternal, 'a dict of lists'),
  }
  const [wrong] = fields.wrong.toSorted((one, other) => one.line - other.line)
  return wrong ? problem(wrong.line, wrong.message) : { is: 'manifest', manifest }
}

function problem(line: number, message: string): ManifestReading {
  return { is: 'problem', line, column: 1, message }
}

function readDepends({ field }: Fields, folder: string, series: Series): readonly string[] {
  const depends = field<readonly string[]>('depends', [], readNames, NAMES)
  return depends.length === 0 && majorOf(series) >= BASE_SINCE && folder !== 'base' ? ['base'] : depends
}

function readAutoInstall({ field }: Fields, depends: readonly string[], series: Series): readonly string[] | null {
  const knowsTriggers = majorOf(series) >= TRIGGERS_SINCE
  const read: FieldReader<readonly string[] | null> = (value) => {
    const names = readNames(value)
    const flag = names && !knowsTriggers ? names.length > 0 : readFlag(value)
    if (flag !== undefined) return flag ? depends : null
    // Odoo starts with no module that waits for others than it depends on.
    return names?.every((name) => depends.includes(name)) ? names : undefined
  }
  const expected = knowsTriggers ? 'True, False or a list of names out of depends' : 'True or False'
  // Odoo's older word for it.
  const active = field('active', null, read, expected)
  return field('auto_install', active, read, expected)
}

const readExternal: FieldReader<ExternalDependencies> = (value) => {
  if (value.is !== 'dict') return undefined
  const { field, wrong } = fieldsOf(value.entries)
  const read = (kind: ExternalKind) => field<readonly string[]>(kind, [], readNamesOrOne, NAMES)
  const external = { python: read('python'), bin: read('bin'), deb: read('deb') }
  return wrong.length === 0 ? external : undefined
}
