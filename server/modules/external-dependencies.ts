import type { Gathered } from './gather-modules.ts'
import type { ExternalKind } from './manifest.ts'

/** A package or program that modules need, as they write it, with their names. */
export interface ExternalDependency {
  readonly name: string
  readonly askedBy: readonly string[]
}

/** What the modules of the repositories need together; Odoo's own come with what they need. */
export function externalDependencies(
  modules: readonly Gathered[],
): Readonly<Record<ExternalKind, readonly ExternalDependency[]>> {
  const united = (kind: ExternalKind) => {
    const asking = new Map<string, string[]>()
    for (const { module, manifest } of modules) {
      if (module.from === 'odoo') continue
      for (const name of manifest.external[kind]) {
        const askedBy = asking.get(name)
        if (askedBy) askedBy.push(module.name)
        else asking.set(name, [module.name])
      }
    }
    return [...asking].map(([name, askedBy]) => ({ name, askedBy }))
  }
  return { python: united('python'), bin: united('bin'), deb: united('deb') }
}
