import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findCycles, installOrder } from './module-graph.ts'

const graph = (depends: Record<string, string[]>) => new Map(Object.entries(depends))

describe('the order of installation', () => {
  test('is by depth, then by name, base first', () => {
    const modules = { z: ['base'], a: ['z'], base: [], c: ['base'], b: ['a', 'c'], aa: [], d: ['b', 'z'], y: ['aa'] }
    expect(installOrder(graph(modules))).toEqual(['base', 'aa', 'c', 'y', 'z', 'a', 'b', 'd'])
  })

  test('counts a dependency that is none of them as one of base', () => {
    expect(installOrder(graph({ a: ['web'], b: ['base'], c: ['b'], d: ['c'], e: ['web', 'base'] }))).toEqual([
      ...['b', 'a', 'c', 'e', 'd'],
    ])
  })

  test('has every module once, behind all that it depends on', () => {
    const acyclic = fc.array(fc.array(fc.nat(30)), { maxLength: 31 }).map((all) => {
      const names = (n: number, below: number[]) => [...new Set(below.filter((other) => other < n))].map((m) => `m${m}`)
      return new Map(all.map((below, n) => [`m${n}`, names(n, below)]))
    })
    const check = (modules: Map<string, string[]>) => {
      const order = installOrder(modules)
      expect([...order].sort()).toEqual([...modules.keys()].sort())
      for (const [name, depends] of modules) {
        for (const other of depends) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name))
      }
      expect(findCycles(modules)).toEqual([])
    }
    fc.assert(fc.property(acyclic, check))
  })

  test('is that of levels, however deep a chain or wide a level is', () => {
    const chain = new Map(Array.from({ length: 100_000 }, (_, n) => [`m${n}`, n === 0 ? [] : [`m${n - 1}`]]))
    expect(installOrder(chain).at(-1)).toBe('m99999')
    const wide = new Map([...chain.keys()].map((name) => [name, name === 'm0' ? [] : ['m0']]))
    expect(installOrder(wide)).toHaveLength(100_000)
  })
})

describe('a circle', () => {
  test('is told from its first name back to it', () => {
    expect(findCycles(graph({ b: ['c'], c: ['a'], a: ['b'], d: ['a'], e: [] }))).toEqual([['a', 'b', 'c', 'a']])
    expect(findCycles(graph({ a: ['a'] }))).toEqual([['a', 'a']])
    expect(findCycles(graph({ a: ['b'], b: ['a', 'd'], c: ['d'], d: ['c'] }))).toEqual([
      ['a', 'b', 'a'],
      ['c', 'd', 'c'],
    ])
  })

  test('is real, and told whenever there is an order for not all', () => {
    const any = fc
      .array(fc.array(fc.nat(8), { maxLength: 4 }), { maxLength: 9 })
      .map((all) => new Map(all.map((others, n) => [`m${n}`, [...new Set(others)].map((other) => `m${other}`)])))
    const check = (modules: Map<string, string[]>) => {
      const cycles = findCycles(modules)
      expect(cycles.length > 0).toBe(installOrder(modules).length < modules.size)
      for (const cycle of cycles) {
        expect(cycle[0]).toBe(cycle.at(-1))
        expect(new Set(cycle).size).toBe(cycle.length - 1)
        for (const [at, name] of cycle.slice(1).entries()) expect(modules.get(cycle[at] ?? '')).toContain(name)
      }
    }
    fc.assert(fc.property(any, check), { numRuns: 500 })
  })

  test('of 100,000 modules is found', () => {
    const ring = new Map(Array.from({ length: 100_000 }, (_, n) => [`m${n}`, [`m${(n + 1) % 100_000}`]]))
    expect(findCycles(ring)[0]).toHaveLength(100_001)
  })
})
