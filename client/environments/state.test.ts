import { describe, expect, it } from 'vitest'
import { stateOf } from './state.ts'

const by = { id: 'ada', name: 'Ada' }
const at = '2026-11-28T10:00:00.000Z'
const over = { id: '1', number: 1, kind: 'deploy', by, at, message: 'The branch is gone.' } as const
const open = { id: '2', number: 2, kind: 'sync', by, at, status: 'running', cancelling: false } as const
const rest = { stoppedAt: null, running: null, last: null }

describe('an environment', () => {
  it('was never deployed until a deployment is over', () => {
    expect(stateOf(rest)).toEqual({ is: 'never' })
  })

  it('is what is under way, whatever came before', () => {
    const last = { ...over, status: 'failed' } as const
    expect(stateOf({ ...rest, last, running: { ...open, status: 'queued' } })).toEqual({ is: 'queued', since: at })
    expect(stateOf({ ...rest, last, running: open })).toEqual({ is: 'deploying', since: at })
    expect(stateOf({ ...rest, last, running: { ...open, cancelling: true } })).toEqual({ is: 'stopping', since: at })
  })

  it('is otherwise how the last one ended, with the sentence of one that failed', () => {
    expect(stateOf({ ...rest, last: { ...over, status: 'succeeded' } })).toEqual({ is: 'deployed' })
    expect(stateOf({ ...rest, last: { ...over, status: 'cancelled' } })).toEqual({ is: 'cancelled' })
    expect(stateOf({ ...rest, last: { ...over, status: 'failed' } })).toEqual({
      ...{ is: 'failed', message: 'The branch is gone.' },
    })
  })

  it('is stopped before all else', () => {
    expect(stateOf({ ...rest, stoppedAt: at, last: { ...over, status: 'succeeded' } })).toEqual({ is: 'stopped' })
  })
})
