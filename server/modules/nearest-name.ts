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

/** How many letters were changed, left out or added. */
function changesBetween(one: string, other: string): number {
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const [left = 0, up = 0, corner = 0] = [row[j - 1], last[j], last[j - 1]]
      row.push(Math.min(left + 1, up + 1, corner + (one[i - 1] === other[j - 1] ? 0 : 1)))
    }
    last = row
  }
  return last[other.length] ?? 0
}
