/** Stops the reading of a Python literal from deep inside; it never leaves `readPythonLiteral`. */
export class PythonRefusal extends Error {
  override readonly name = 'PythonRefusal'
  /** Where in the text, from 0. */
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}
