/** A goal, and what was measured. */
export interface Figure {
  readonly what: string
  /** As people read it; empty where none is set. */
  readonly goal: string
  readonly measured: string
  /** Null where no goal is set. */
  readonly met: boolean | null
}

/** A figure of the form "at least so much of the reference". */
export function atLeast(what: string, goal: number | null, measured: number, more = ''): Figure {
  return {
    ...{ what, goal: goal === null ? '' : `>= ${goal.toFixed(2)}`, measured: measured.toFixed(2) + more },
    met: goal === null ? null : measured >= goal,
  }
}

/** A figure of the form "at most so much"; `unit` stands behind both numbers. */
export function atMost(what: string, goal: number, measured: number, unit = '', more = ''): Figure {
  const digits = unit === '' ? 2 : 1
  return {
    ...{ what, goal: `<= ${goal}${unit}`, measured: `${measured.toFixed(digits)}${unit}${more}` },
    met: measured <= goal,
  }
}

/** The figures as a table of Markdown, which a terminal shows as well. */
export function table(figures: readonly Figure[]): string {
  const lines = figures.map(({ what, goal, measured, met }) => [
    ...[what, goal, measured],
    met === null ? '' : met ? 'met' : 'missed',
  ])
  const rows = [['measured', 'goal', 'figure', ''], ...lines]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(Math.max(width, 3))).join(' | ')} |`
  return [line(rows[0] ?? []), rule, ...lines.map(line)].join('\n')
}
