import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlannedModule } from '../../server/odoo/verdict.ts'
import { openWorkbench } from './workbench.ts'

let bench: Awaited<ReturnType<typeof openWorkbench>>
beforeAll(async () => {
  bench = await openWorkbench()
  await bench.addModule('web_notify')
  await bench.addModule('slow_one', { depends: ['web_notify'] }, { slow: '60' })
})
afterAll(() => bench[Symbol.asyncDispose]())

function install(...names: string[]): PlannedModule[] {
  return names.map((name) => ({ name, action: 'install', version: '17.0.1.0.0' }))
}

describe('a run of Odoo', () => {
  test('is failed where its process is killed', async () => {
    await bench.addModule('hungry', {}, { crash: '9' })
    const { verdict } = await bench.run(bench.freshDatabase(), install('hungry'))
    expect(verdict).toMatchObject({ is: 'failed', module: 'hungry', remedy: expect.stringContaining('memory') })
  })

  test('can be cancelled in a slow module, which is then not installed', async () => {
    const controller = new AbortController()
    const { verdict, states } = await bench.run(bench.freshDatabase(), install('slow_one'), {
      signal: controller.signal,
      onLine: (_, text) => {
        if (text.includes('module slow_one: creating')) controller.abort()
      },
    })
    expect(verdict).toMatchObject({ is: 'failed', sentence: 'The run was cancelled while installing slow_one.' })
    expect(states?.get('slow_one')?.state).toBe('to install')
    expect(states?.get('web_notify')?.state).toBe('installed')
  })

  test('is ended past its deadline', async () => {
    const { verdict } = await bench.run(bench.freshDatabase(), install('slow_one'), { deadlineMs: 3_000 })
    expect(verdict).toMatchObject({ is: 'failed', sentence: expect.stringContaining('took too long') })
  })

  test('may flood its log', async () => {
    await bench.addModule('floods', {}, { flood: '20000' })
    const { verdict, lines } = await bench.run(bench.freshDatabase(), install('floods'), { lines: 10_000 })
    expect(verdict).toMatchObject({
      is: 'installed',
      warnings: { first: [expect.stringMatching(/^1\d{4} lines of the log/)] },
    })
    expect(lines).toBe(10_000)
  })
})
