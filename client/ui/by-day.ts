const dayWords = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })

/** What happened at a time, the newest first, under the reader's own calendar days. */
export function byDay<Item>(items: readonly Item[], at: (item: Item) => string): { day: string; items: Item[] }[] {
  const days: { day: string; items: Item[] }[] = []
  for (const item of items) {
    const day = dayWords.format(new Date(at(item)))
    const last = days.at(-1)
    if (last?.day === day) last.items.push(item)
    else days.push({ day, items: [item] })
  }
  return days
}
