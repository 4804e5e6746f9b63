import type { PythonValue } from './python-value.ts'

/** A number with a minus before it; other values stay as they are. */
export function negated(value: PythonValue): PythonValue {
  switch (value.is) {
    case 'int':
      return { is: 'int', value: -value.value }
    case 'float':
      return { is: 'float', value: -value.value }
    case 'complex':
      return { is: 'complex', real: -value.real, imaginary: -value.imaginary }
    default:
      return value
  }
}

/**
 * A real number and an imaginary one, added or subtracted: how a complex number is written. Null for all other values,
 * and for a whole number that is too large to be a part of one.
 */
export function added(real: PythonValue, imaginary: PythonValue, sign: '+' | '-'): PythonValue | null {
  if ((real.is !== 'int' && real.is !== 'float') || imaginary.is !== 'complex') return null
  const part = Number(real.value)
  if (real.is === 'int' && !Number.isFinite(part)) return null
  // With the other's missing part too, as that decides the sign of a zero.
  return sign === '-'
    ? { is: 'complex', real: part - imaginary.real, imaginary: 0 - imaginary.imaginary }
    : { is: 'complex', real: part + imaginary.real, imaginary: 0 + imaginary.imaginary }
}
