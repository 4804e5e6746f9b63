/** What each module depends on directly, by name. */
export type Dependencies = ReadonlyMap<string, readonly string[]>

/**
 * The order in which Odoo up to 18.0 installs: by depth, which is the longest way to a module that depends on nothing,
 * then by name; base first. A dependency that is no module here counts as one that depends on base. In linear time but
 * for the sorting; modules in a circle, and what depends on them, are left out.
 * @see https://github.com/odoo/odoo/blob/17.0/odoo/modules/graph.py
 */
export function installOrder(modules: Dependencies): string[] {
  const waiting = new Map<string, number>()
  const dependents = new Map<string, string[]>()
  const depths = new Map<string, number>()
  for (const [name, depends] of modules) {
    const known = depends.filter((other) => modules.has(other))
    const isOutside = (other: string) => !modules.has(other)
    depths.set(
      name,
      depends.some((other) => isOutside(other) && other !== 'base') ? 2 : depends.some(isOutside) ? 1 : 0,
    )
    waiting.set(name, known.length)
    for (const other of known) append(dependents, other, name)
  }
  const ready = [...modules.keys()].filter((name) => waiting.get(name) === 0)
  for (let at = 0; at < ready.length; at++) {
    const name = ready[at] ?? ''
    const depth = depths.get(name) ?? 0
    for (const dependent of dependents.get(name) ?? []) {
      depths.set(dependent, Math.max(depths.get(dependent) ?? 0, depth + 1))
      const left = (waiting.get(dependent) ?? 0) - 1
      waiting.set(dependent, left)
      if (left === 0) ready.push(dependent)
    }
  }
  const rank = (name: string) => (name === 'base' ? -1 : (depths.get(name) ?? 0))
  return ready.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
}

/**
 * Circles among modules, each from its first name by the alphabet back to that name. Where several share a module, one of
 * them is told.
 */
export function findCycles(modules: Dependencies): string[][] {
  const ordered = new Set(installOrder(modules))
  const cycles: string[][] = []
  const seen = new Map<string, number>()
  let walk = 0
  for (const start of modules.keys()) {
    // Whatever is not in the order depends on something else that is not; following that must lead back.
    walk++
    const way: string[] = []
    let name: string | undefined = start
    while (name !== undefined && !ordered.has(name) && !seen.has(name)) {
      seen.set(name, walk)
      way.push(name)
      name = modules.get(name)?.find((other) => modules.has(other) && !ordered.has(other))
    }
    if (name !== undefined && seen.get(name) === walk && !ordered.has(name)) {
      cycles.push(fromFirst(way.slice(way.indexOf(name))))
    }
  }
  return cycles
}

function fromFirst(cycle: readonly string[]): string[] {
  const [first = ''] = cycle.toSorted()
  const at = cycle.indexOf(first)
  return [...cycle.slice(at), ...cycle.slice(0, at), first]
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
