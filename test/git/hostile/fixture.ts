import type { RawRepository } from '../raw-repository.ts'
import type { Ground } from './ground.ts'

/** A repository that means harm. */
export type Fixture = {
  readonly name: string
  /** Writes it, and puts it onto the branch `main`. */
  readonly make: (repository: RawRepository, ground: Ground) => Promise<unknown>
  /** What must be told. */
  readonly told: RegExp
  /** Another of its kind stands for it where time is short. */
  readonly variant?: boolean
  /** Whether git by itself does the harm with the same repository, so that the test could fail. */
  readonly danger?: (ground: Ground, url: string) => Promise<boolean>
}
