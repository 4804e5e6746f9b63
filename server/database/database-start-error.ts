/** The database cannot be opened for a reason that the person at the keyboard can mend; the message says which and how. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError'
}
