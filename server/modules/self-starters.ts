import { type Available, manifestOf } from './available-modules.ts'

/** The modules that install themselves. */
export interface SelfStarters {
  /** Those that wait for nothing. */
  readonly always: readonly string[]
  /** Tells that a module is there, once for each; gives those that waited for it last. */
  readonly startedBy: (name: string) => readonly string[]
}

/** Keeps count of what each module with `auto_install` still waits for. */
export function selfStarters(available: ReadonlyMap<string, Available>): SelfStarters {
  const left = new Map<string, number>()
  const waiting = new Map<string, string[]>()
  for (const [name, module] of available) {
    const manifest = manifestOf(module)
    if (!manifest?.installable || !manifest.autoInstall) continue
    left.set(name, manifest.autoInstall.length)
    for (const other of manifest.autoInstall) {
      const others = waiting.get(other)
      if (others) others.push(name)
      else waiting.set(other, [name])
    }
  }
  return {
    always: [...left].flatMap(([name, count]) => (count === 0 ? [name] : [])),
    startedBy: (name) =>
      (waiting.get(name) ?? []).filter((starter) => {
        const count = (left.get(starter) ?? 0) - 1
        left.set(starter, count)
        return count === 0
      }),
  }
}
