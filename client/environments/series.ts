/** Odoo's series that can be chosen, the newest first, with how long each is supported. */
export const series: readonly { version: string; support: string }[] = [
  { version: '20.0', support: 'supported until September 2029' },
  { version: '19.0', support: 'supported until September 2028' },
  { version: '18.0', support: 'supported until September 2027' },
  { version: '17.0', support: 'support ended in September 2026' },
  { version: '16.0', support: 'support ended in September 2025' },
  ...['15.0', '14.0', '13.0', '12.0', '11.0', '10.0'].map((version) => ({ version, support: 'no longer supported' })),
]

const PROPOSED = '19.0'

/** The Odoo version that a branch is for, as its name says, such as `17.0` or `feature/17.0-sale`; null where it says none. */
export function seriesOf(branch: string): string | null {
  const found = /(?<![\d.])(\d{1,2}\.0)(?![\d.])/.exec(branch)?.[1]
  return series.find(({ version }) => version === found)?.version ?? null
}

/** The version that is proposed for a branch. */
export const proposedSeries = (branch: string): string => seriesOf(branch) ?? PROPOSED
