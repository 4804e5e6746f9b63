/** How many letters were changed, left out, added, or swapped with their neighbour. */
export function changesBetween(one: string, other: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const [left = 0, up = 0, corner = 0] = [row[j - 1], last[j], last[j - 1]]
      row[j] = Math.min(
        left + 1,
        up + 1,
        corner + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.MAX_VALUE,
      )
    }
    ;[before, last] = [last, row]
  }
  return last[other.length] ?? 0
}
