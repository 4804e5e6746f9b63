/** What a Python literal stands for, told apart as Python tells it apart: `1`, `1.0` and `True` are three things. */
export type PythonValue =
  | { readonly is: 'none' }
  | { readonly is: 'ellipsis' }
  | { readonly is: 'bool'; readonly value: boolean }
  | { readonly is: 'int'; readonly value: bigint }
  | { readonly is: 'float'; readonly value: number }
  | { readonly is: 'complex'; readonly real: number; readonly imaginary: number }
  /** Two halves of a character written as two escapes are one character here; Python keeps them apart. */
  | { readonly is: 'text'; readonly value: string }
  | { readonly is: 'bytes'; readonly value: Uint8Array }
  | { readonly is: 'tuple' | 'list' | 'set'; readonly items: readonly PythonValue[] }
  | { readonly is: 'dict'; readonly entries: readonly PythonEntry[] }

/** A key of a dict with its value; of a key written twice the first place and the last value. */
export interface PythonEntry {
  readonly key: PythonValue
  readonly value: PythonValue
  /** Where that value's key stands, from 1. */
  readonly line: number
}

/**
 * A text that two values share exactly if Python holds them for the same key: `1`, `1.0` and `True` are one. Null where
 * Python refuses the value as a key or a member of a set.
 */
export function hashKeyOf(value: PythonValue): string | null {
  switch (value.is) {
    case 'none':
    case 'ellipsis':
      return value.is
    case 'bool':
      return value.value ? 'n1' : 'n0'
    case 'int':
      return `n${value.value.toString(16)}`
    case 'float':
      return keyOfFloat(value.value)
    case 'complex':
      return value.imaginary === 0 ? keyOfFloat(value.real) : `c${value.real},${value.imaginary}`
    case 'text':
      return `t${value.value}`
    case 'bytes':
      return `b${value.value.join(',')}`
    case 'tuple':
      return keyOfTuple(value.items)
    case 'list':
    case 'set':
    case 'dict':
      return null
  }
}

function keyOfFloat(value: number): string {
  return Number.isInteger(value) ? `n${BigInt(value).toString(16)}` : `f${value}`
}

function keyOfTuple(items: readonly PythonValue[]): string | null {
  const keys: string[] = []
  for (const item of items) {
    const key = hashKeyOf(item)
    if (key === null) return null
    // With its length before it, no key can look like the end of one and the beginning of the next.
    keys.push(`${key.length}:${key}`)
  }
  return `(${keys.join('')})`
}
