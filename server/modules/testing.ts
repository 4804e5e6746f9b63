import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { z } from 'zod'
import type { RepositoryModules } from './available-modules.ts'
import { findModules } from './find-modules.ts'
import { readManifest } from './manifest.ts'
import { readPythonLiteral } from './python-literal.ts'
import { pythonTexts } from './python-texts.ts'
import type { PythonValue } from './python-value.ts'
import { parseSeries, type Series } from './series.ts'
import type { TreeEntry } from './source-tree.ts'

const SCRIPT = resolve(import.meta.dirname, 'literal-eval.py')
/** Those whose literal_eval the reader follows; others differ at the edges. */
const KNOWN = { oldest: [3, 11], newest: [3, 13] }
const answerSchema = z.object({ version: z.tuple([z.number(), z.number()]), answers: z.array(z.string().nullable()) })

/** A series that a test is sure of. */
export function seriesOf(text: string): Series {
  const series = parseSeries(text)
  if (!series) throw new Error(`${text} is no series`)
  return series
}

/** What this machine's Python makes of each text, null for refused; or why it cannot be asked. */
export async function askPython(
  texts: readonly string[],
): Promise<{ answers: (string | null)[] } | { absent: string }> {
  const output = await new Promise<string | null>((tell, fail) => {
    const python = execFile('python3', ['-I', SCRIPT], { maxBuffer: 1 << 30 }, (error, stdout) => {
      if (error?.code === 'ENOENT') tell(null)
      else if (error) fail(error)
      else tell(stdout)
    })
    // Without a Python there is nobody to write to, which is told by the skipped tests.
    python.stdin?.on('error', () => {})
    python.stdin?.end(JSON.stringify(texts))
  })
  if (output === null) return { absent: 'NOT COMPARED WITH PYTHON: this machine has no python3.' }
  const { version, answers } = answerSchema.parse(JSON.parse(output))
  const [major, minor] = version
  const isKnown = major === 3 && minor >= (KNOWN.oldest[1] ?? 0) && minor <= (KNOWN.newest[1] ?? 0)
  return isKnown ? { answers } : { absent: `NOT COMPARED WITH PYTHON: ${version.join('.')} is not 3.11 to 3.13.` }
}

/** What our reader makes of a text, written as the script does. */
export function ourAnswer(text: string): string | null {
  const read = readPythonLiteral(text)
  return read.is === 'problem' ? null : written(read)
}

function written(value: PythonValue): string {
  switch (value.is) {
    case 'none':
    case 'ellipsis':
      return value.is
    case 'bool':
      return `bool ${value.value}`
    case 'int':
      return `int ${value.value.toString(16)}`
    case 'float':
      return `float ${bits(value.value)}`
    case 'complex':
      return `complex ${bits(value.real)} ${bits(value.imaginary)}`
    case 'text':
      return `text ${JSON.stringify(value.value).replace(/[\u007f-\uffff]/g, escaped)}`
    case 'bytes':
      return `bytes ${Buffer.from(value.value).toString('hex')}`
    case 'dict':
      return `dict {${value.entries.map((entry) => `${written(entry.key)}: ${written(entry.value)}`).join(', ')}}`
    case 'set':
      return `set [${value.items.map(written).sort().join(', ')}]`
    case 'list':
    case 'tuple':
      return `${value.is} [${value.items.map(written).join(', ')}]`
  }
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function bits(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes.toString('hex')
}

/** Compares so many texts, and says how many were read, refused, and taken otherwise than by Python. */
export async function compareWithPython(count: number, seed: number) {
  const texts = fc.sample(pythonTexts, { numRuns: count, seed })
  const asked = await askPython(texts)
  if ('absent' in asked) return asked
  const compared = texts.map((text, n) => ({ text, ours: ourAnswer(text), python: asked.answers[n] ?? null }))
  const different = compared.filter(({ ours, python }) => ours !== python)
  return { read: compared.filter(({ python }) => python !== null).length, compared: compared.length, different }
}

/** Entries of a tree by their paths: what a file holds, or where a link leads as `-> target`. */
export function treeOf(files: Readonly<Record<string, string>>): TreeEntry[] {
  const objects = new Map<string, string>()
  return Object.entries(files).map(([path, content]): TreeEntry => {
    const target = content.startsWith('-> ') ? content.slice(3) : null
    const held = target ?? content
    const object = objects.get(held) ?? createHash('sha1').update(held).digest('hex')
    objects.set(held, object)
    const common = { path, object, size: held.length }
    return target === null
      ? { ...common, kind: 'file', executable: content.startsWith('#!') }
      : { ...common, kind: 'symlink', target }
  })
}

/** A repository whose modules have these manifests, with other files beside. */
export function repositoryOf(
  repository: string,
  manifests: Readonly<Record<string, string>>,
  { series = '17.0', files = {} }: { series?: string; files?: Readonly<Record<string, string>> } = {},
): RepositoryModules {
  const own = Object.entries(manifests).map(([name, text]) => [`${name}/__manifest__.py`, text])
  const entries = treeOf({ ...Object.fromEntries(own), ...files })
  const found = findModules({ repository, entries, submodulePaths: [] }, seriesOf(series))
  const read = (path: string) =>
    readManifest(manifests[path] ?? '', { folder: path.slice(path.lastIndexOf('/') + 1), series: seriesOf(series) })
  return { repository, found, manifests: new Map(found.modules.map(({ path }) => [path, read(path)])) }
}
