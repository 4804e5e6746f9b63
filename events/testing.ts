import { expect } from 'vitest'
import { type Decider, fold } from './decider.ts'
import { DomainError, type DomainErrorCode } from './error.ts'
import type { NewEvent } from './event.ts'

/** Tests a decider in the words given, when, then. */
export function specify<State, Command, Event extends NewEvent>(decider: Decider<State, Command, Event>) {
  return {
    given: (...history: readonly Event[]) => ({
      when: (command: Command) => {
        const state = fold(decider, decider.initialState, history)
        const decide = () => decider.decide(command, state)
        return {
          then: (...expected: readonly Event[]) => expect(decide()).toEqual(expected),
          thenNothing: () => expect(decide()).toEqual([]),
          thenRefused: (code: DomainErrorCode) => {
            try {
              decide()
            } catch (error) {
              expect(error).toBeInstanceOf(DomainError)
              expect(error).toMatchObject({ code })
              return
            }
            expect.fail(`expected a refusal with ${code}`)
          },
        }
      },
    }),
  }
}
