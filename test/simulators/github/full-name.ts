/** The part of a full name before the slash. */
export function ownerOf(fullName: string): string {
  return fullName.split('/')[0] ?? ''
}

/** Names are told apart without regard to case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
