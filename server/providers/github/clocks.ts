import type { Answer } from '../conversation.ts'

/** How far our clock is ahead of GitHub's, in seconds (negative: behind); null when its answer tells no time. */
export function secondsAhead(answer: Answer, now: Date): number | null {
  const theirs = Date.parse((answer.is === 'http' && answer.headers.get('date')) || '')
  return Number.isNaN(theirs) ? null : Math.round((now.getTime() - theirs) / 1000)
}

/** Such as "90 seconds ahead of". */
export function apart(aheadSeconds: number): string {
  return `${Math.abs(aheadSeconds)} seconds ${aheadSeconds < 0 ? 'behind' : 'ahead of'}`
}
