import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../api.ts'
import { foldTimeline, runWords } from './fold-timeline.ts'

const entry = (position: number, type: string, data: object = {}): AuditEntry => ({
  ...{ position, type, data, eventId: `event ${position}`, version: position },
  ...{
    recordedAt: '2026-03-10T12:00:00.000Z',
    streamType: 'connection',
    streamId: 'c',
    subject: 'acme',
    creator: null,
  },
  ...{ actor: { kind: 'job', id: 'j', name: 'Scheduled check' }, summary: type },
  ...{ commandId: 'x', correlationId: 'y', causationId: null },
})
const active = (position: number) => entry(position, 'ConnectionValidated', { outcome: 'active' })
const revoked = (position: number) => entry(position, 'ConnectionValidated', { outcome: 'revoked' })
const positions = (entries: AuditEntry[]) =>
  foldTimeline(entries).map((line) => line.entries.map(({ position }) => position))

describe('a timeline', () => {
  it('folds three and more checks of one outcome into a line, and leaves fewer as they are', () => {
    expect(positions([active(5), active(4), active(3)])).toEqual([[5, 4, 3]])
    expect(positions([active(2), active(1)])).toEqual([[2], [1]])
    expect(positions([])).toEqual([])
  })

  it('never folds over another outcome, or over anything else that happened', () => {
    expect(positions([active(4), active(3), revoked(2), active(1)])).toEqual([[4], [3], [2], [1]])
    const renamed = entry(3, 'ConnectionRenamed', { name: 'b' })
    expect(positions([active(6), active(5), active(4), renamed, active(2), active(1), active(0)])).toEqual([
      [6, 5, 4],
      [3],
      [2, 1, 0],
    ])
    const enabled = [3, 2, 1].map((position) => entry(position, 'ConnectionEnabled'))
    expect(positions(enabled)).toEqual([[3], [2], [1]])
  })

  it('tells how often was checked, and what was found each time', () => {
    const words = (entries: AuditEntry[]) => foldTimeline(entries).map(runWords)
    expect(words([active(3), active(2), active(1)])).toEqual(['checked 3 times, always Active'])
    const deferred = [3, 2, 1].map((position) => entry(position, 'ValidationDeferred', { reason: 'serverError' }))
    expect(words(deferred)).toEqual(['could not settle a check 3 times'])
  })

  it('knows the earliest and the latest of a line', () => {
    const [line] = foldTimeline([active(9), active(8), active(7)])
    expect([line?.first.position, line?.last.position]).toEqual([7, 9])
  })
})
