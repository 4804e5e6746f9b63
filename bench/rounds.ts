/** One measured value of each cell in each round. */
export type Rounds<Name extends string> = Readonly<Record<Name, readonly number[]>>

/**
 * Runs all cells in every round, each time in another order, so that what disturbs the machine disturbs them alike. A
 * round before the first warms up and is not counted.
 */
export async function interleave<Name extends string>(
  rounds: number,
  cells: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Rounds<Name>> {
  const names = Object.keys(cells).filter((name): name is Name => name in cells)
  const measured = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (let step = 0; step < names.length; step++) {
      const name = names[(step + round + names.length) % names.length]
      if (name === undefined) continue
      const value = await cells[name]()
      if (round >= 0) measured.get(name)?.push(value)
    }
  }
  const values = Object.fromEntries(measured)
  if (!isComplete(values, names)) throw new Error('a cell was not measured')
  return values
}

function isComplete<Name extends string>(
  values: Record<string, number[]>,
  names: readonly Name[],
): values is Record<Name, number[]> {
  return names.every((name) => (values[name]?.length ?? 0) > 0)
}

/** The median of the ratios within each round. */
export function medianRatio(of: readonly number[], to: readonly number[]): number {
  return median(of.map((value, round) => value / (to[round] ?? Number.NaN)))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN
}
