import { changesBetween } from './edit-distance.ts'

/** The name that is likely meant by one that is not there: at most a third of its letters differ. Null for none. */
export function nearestName(name: string, names: Iterable<string>): string | null {
  let [nearest, fewest]: [string | null, number] = [null, Math.max(1, Math.floor(name.length / 3)) + 1]
  if (name.length > LONGEST) return null
  for (const other of names) {
    if (Math.abs(other.length - name.length) >= fewest) continue
    const changes = changesBetween(name, other)
    if (changes < fewest) [nearest, fewest] = [other, changes]
  }
  return nearest
}

const LONGEST = 100
