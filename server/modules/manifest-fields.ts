import type { PythonEntry, PythonValue } from './python-value.ts'

/** A key of a manifest whose value is of a wrong kind. */
export interface WrongField {
  readonly line: number
  readonly message: string
}

/** What reads a value of one kind: undefined for a value of another. */
export type FieldReader<Value> = (value: PythonValue) => Value | undefined

/** The keys of a manifest, read one by one. */
export interface Fields {
  /** The key's value, or the fallback where the key is missing or of a wrong kind, which is then among `wrong`. */
  field<Value>(key: string, fallback: Value, read: FieldReader<Value>, expected: string): Value
  readonly wrong: WrongField[]
}

/** Reads the entries of a manifest's dict. */
export function fieldsOf(entries: readonly PythonEntry[]): Fields {
  const byKey = new Map(entries.flatMap((entry) => (entry.key.is === 'text' ? [[entry.key.value, entry]] : [])))
  const wrong: WrongField[] = []
  return {
    wrong,
    field(key, fallback, read, expected) {
      const entry = byKey.get(key)
      if (!entry) return fallback
      const value = read(entry.value)
      if (value !== undefined) return value
      wrong.push({ line: entry.line, message: `${key} must be ${expected}, and here it is ${KINDS[entry.value.is]}.` })
      return fallback
    },
  }
}

const KINDS: Readonly<Record<PythonValue['is'], string>> = {
  none: 'None',
  ellipsis: 'an ellipsis',
  bool: 'True or False',
  int: 'a number',
  float: 'a number',
  complex: 'a number',
  text: 'a string',
  bytes: 'bytes',
  tuple: 'a tuple, perhaps with something that is no string in it',
  list: 'a list, perhaps with something that is no string in it',
  set: 'a set, perhaps with something that is no string in it',
  dict: 'a dict, perhaps with something else in it',
}

/** A string. */
export function readText(value: PythonValue): string | undefined {
  return value.is === 'text' ? value.value : undefined
}

/** True or False, for which 1 and 0 are written too. */
export function readFlag(value: PythonValue): boolean | undefined {
  if (value.is === 'bool') return value.value
  return value.is === 'int' && (value.value === 0n || value.value === 1n) ? value.value === 1n : undefined
}

/** Strings in a list, tuple or set, each once. */
export function readNames(value: PythonValue): readonly string[] | undefined {
  if (value.is !== 'list' && value.is !== 'tuple' && value.is !== 'set') return undefined
  const names = value.items.map(readText)
  return names.every((name) => name !== undefined) ? [...new Set(names)] : undefined
}

/** The same; one string alone is taken for a list of it. */
export function readNamesOrOne(value: PythonValue): readonly string[] | undefined {
  return value.is === 'text' ? [value.value] : readNames(value)
}
