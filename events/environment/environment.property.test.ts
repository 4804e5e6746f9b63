import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { DomainError } from '../error.ts'
import { type EnvironmentCommand, environment } from './environment.ts'
import type { EnvironmentEvent } from './events.ts'
import { cloned } from './examples.ts'

const deploymentId = fc.constantFrom('1', '2', '3')
const settings = {
  name: fc.constantFrom('a', 'b'),
  branch: fc.constantFrom(null, '17.0'),
  odooVersion: fc.constantFrom('17.0', '18.0'),
  modules: fc.constantFrom('all' as const, ['web'], ['sale', 'web']),
}
const ofDeployment = (...types: readonly ('StartDeployment' | 'RequestCancellation')[]) =>
  fc.record({ type: fc.constantFrom(...types), deploymentId })
const command: fc.Arbitrary<EnvironmentCommand> = fc.oneof(
  fc.record({
    ...{ type: fc.constant('CreateEnvironment' as const), projectId: fc.constant('shop'), ...settings },
    ...{ kind: fc.constantFrom('staging' as const, 'production' as const), database: fc.constant('shop') },
  }),
  fc.record({ type: fc.constant('UpdateEnvironment' as const), ...settings }),
  fc.constantFrom<EnvironmentCommand>(
    ...(['StopEnvironment', 'ResumeEnvironment', 'DeleteEnvironment'] as const).map((type) => ({ type })),
  ),
  {
    arbitrary: fc.record({
      ...{ type: fc.constant('RequestDeployment' as const), deploymentId, of: fc.constant(null) },
      ...{ kind: fc.constantFrom('deploy' as const, 'sync' as const), commits: fc.constant([]) },
    }),
    weight: 3,
  },
  { arbitrary: ofDeployment('StartDeployment', 'RequestCancellation'), weight: 3 },
  fc.record({
    ...{ type: fc.constant('RecordClone' as const), deploymentId },
    repository: fc.constantFrom('a1', 'b2').map((commit) => cloned('main', commit)),
  }),
  fc.record({
    ...{ type: fc.constant('SucceedDeployment' as const), deploymentId, message: fc.constant('done') },
    warnings: fc.nat(3),
  }),
  fc.record({
    ...{ type: fc.constant('FailDeployment' as const), deploymentId, step: fc.constant('plan' as const) },
    ...{ reason: fc.constant('cycle'), message: fc.constant('a needs a'), remedy: fc.constant('mend it') },
  }),
  fc.record({ type: fc.constant('CancelDeployment' as const), deploymentId, step: fc.constant('install' as const) }),
)

/** Runs commands one after the other, refusals left aside. */
function run(commands: readonly EnvironmentCommand[]): EnvironmentEvent[] {
  const events: EnvironmentEvent[] = []
  for (const next of commands) {
    try {
      events.push(...environment.decide(next, fold(environment, environment.initialState, events)))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
    }
  }
  return events
}

const forAll = (check: (events: EnvironmentEvent[]) => void) =>
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => check(run(commands))),
    { numRuns: 500 },
  )

const ends: ReadonlySet<string> = new Set(['DeploymentSucceeded', 'DeploymentFailed', 'DeploymentCancelled'])

describe('whatever commands come, an environment', () => {
  test('has one deployment that is not over at most, and each is over once', () =>
    forAll((events) => {
      let open = 0
      for (const { type } of events) {
        if (type === 'DeploymentRequested') open += 1
        if (ends.has(type)) open -= 1
        expect([0, 1]).toContain(open)
      }
    }))

  test('numbers its deployments without gaps', () =>
    forAll((events) => {
      const numbers = events.flatMap((event) => (event.type === 'DeploymentRequested' ? [event.data.number] : []))
      expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    }))

  test('sees nothing after its deletion', () =>
    forAll((events) => {
      const end = events.findIndex(({ type }) => type === 'EnvironmentDeleted')
      if (end >= 0) expect(events.slice(end + 1)).toEqual([])
    }))

  test('has a state that survives being stored', () =>
    forAll((events) => {
      const state = fold(environment, environment.initialState, events)
      expect(environment.state.parse(JSON.parse(JSON.stringify(state)))).toEqual(state)
    }))
})
