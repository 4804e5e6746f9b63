import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { DomainError } from '../error.ts'
import type { ChosenRepository, ProjectEvent } from './events.ts'
import { chosen } from './examples.ts'
import { type ProjectCommand, project } from './project.ts'
import { repositoriesOf } from './state.ts'

/** Few of everything, so that the same ones meet often; a number is another repository on another instance. */
const connections = [
  { connectionId: 'github', baseUrl: 'https://github.com' },
  { connectionId: 'another of github', baseUrl: 'https://github.com' },
  { connectionId: 'gitlab', baseUrl: 'https://gitlab.com' },
]
const repository: fc.Arbitrary<ChosenRepository> = fc
  .tuple(fc.constantFrom('1', '2', '3', '4'), fc.constantFrom(...connections), fc.constantFrom('17.0', '18.0'))
  .map(([id, connection, branch]) => chosen(id, { ...connection, branch }))
const wanted = {
  name: fc.constantFrom('a', 'b'),
  repository,
  addons: fc.array(repository, { maxLength: 5 }),
}
const place = {
  connectionId: fc.constantFrom(...connections.map(({ connectionId }) => connectionId)),
  repositoryId: fc.constantFrom('1', '2', '3', '4').map((id) => chosen(id).repositoryId),
}
const update = fc.record({ type: fc.constant('UpdateProject' as const), ...wanted })
const command: fc.Arbitrary<ProjectCommand> = fc.oneof(
  fc.record({ type: fc.constant('CreateProject' as const), ...wanted }),
  { arbitrary: update, weight: 5 },
  fc.record({
    ...{ type: fc.constant('LoseRepositoryAccess' as const), ...place },
    reason: fc.constantFrom('notFound', 'forbidden'),
  }),
  fc.record({ type: fc.constant('RegainRepositoryAccess' as const), ...place }),
  fc.record({
    ...{ type: fc.constant('MoveRepositories' as const), from: place.connectionId, to: place.connectionId },
    repositories: fc.array(
      fc.record({
        repositoryId: place.repositoryId,
        fullName: fc.constant('acme/x'),
        branch: fc.constantFrom('17.0', '18.0'),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.constant<ProjectCommand>({ type: 'DeleteProject', environments: [] }),
)

function decided(next: ProjectCommand, events: readonly ProjectEvent[]): readonly ProjectEvent[] {
  try {
    return project.decide(next, fold(project, project.initialState, events))
  } catch (error) {
    if (error instanceof DomainError) return []
    throw error
  }
}

/** Runs commands one after the other, refusals left aside. */
function run(commands: readonly ProjectCommand[]): ProjectEvent[] {
  const events: ProjectEvent[] = []
  for (const next of commands) events.push(...decided(next, events))
  return events
}

const forAll = (check: (events: ProjectEvent[], next: Extract<ProjectCommand, { type: 'UpdateProject' }>) => void) =>
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), update, (commands, next) => check(run(commands), next)),
    { numRuns: 500 },
  )

const keyOf = ({ baseUrl, repositoryId }: ChosenRepository) => `${baseUrl} ${repositoryId}`

describe('whatever commands come, a project', () => {
  test('is created once and first', () =>
    forAll((events) => {
      const places = events.flatMap(({ type }, index) => (type === 'ProjectCreated' ? [index] : []))
      expect(places).toEqual(events.length > 0 ? [0] : [])
    }))

  test('sees nothing after its deletion', () =>
    forAll((events) => {
      const end = events.findIndex(({ type }) => type === 'ProjectDeleted')
      if (end >= 0) expect(events.slice(end + 1)).toEqual([])
    }))

  test('never uses a repository twice, not even between two events of one command', () =>
    forAll((events) => {
      for (let count = 0; count <= events.length; count++) {
        const state = fold(project, project.initialState, events.slice(0, count))
        const keys = state.is === 'active' ? repositoriesOf(state).map(keyOf) : []
        expect(new Set(keys).size).toBe(keys.length)
      }
    }))

  test('is what an update wanted, or as it was where that is refused', () =>
    forAll((events, next) => {
      const changes = decided(next, events)
      const after = fold(project, project.initialState, [...events, ...changes])
      if (changes.length === 0 || after.is !== 'active') return
      // What a repository is called is told only with another change of it.
      const plain = ({ connectionId, repositoryId, baseUrl, branch }: ChosenRepository) => {
        return { connectionId, repositoryId, baseUrl, branch }
      }
      expect({ name: after.name, repositories: repositoriesOf(after).map(plain) }).toEqual({
        name: next.name,
        repositories: [next.repository, ...next.addons].map(plain),
      })
    }))

  test('is not changed by the same update again', () =>
    forAll((events, next) => {
      const changes = decided(next, events)
      expect(decided(next, [...events, ...changes])).toEqual([])
    }))

  test('is told nothing twice in one update, and no addon that stays as it is', () =>
    forAll((events, next) => {
      const before = fold(project, project.initialState, events)
      const kept = before.is === 'active' ? before.addons.map(({ accessLost, ...one }) => JSON.stringify(one)) : []
      const told = decided(next, events).flatMap((event) => ('repositoryId' in event.data ? [event] : []))
      const addons = told.filter(({ type }) => type !== 'RepositorySelected').map(({ data }) => JSON.stringify(data))
      expect(new Set(addons).size).toBe(addons.length)
      expect(addons.filter((addon) => kept.includes(addon))).toEqual([])
    }))

  test('is told of a lost access only where there was one, and of a regained one only where it was lost', () =>
    forAll((events) => {
      for (const [index, event] of events.entries()) {
        if (event.type !== 'RepositoryAccessLost' && event.type !== 'RepositoryAccessRegained') continue
        const before = fold(project, project.initialState, events.slice(0, index))
        const { connectionId, repositoryId } = event.data
        const uses = before.is === 'active' ? repositoriesOf(before) : []
        const [used] = uses.filter((one) => one.connectionId === connectionId && one.repositoryId === repositoryId)
        if (event.type === 'RepositoryAccessLost') expect(used?.accessLost?.reason).not.toBe(event.data.reason)
        else expect(used?.accessLost).toBeTruthy()
        expect(used).toBeDefined()
      }
    }))

  test('has a state that survives being stored', () =>
    forAll((events) => {
      const state = fold(project, project.initialState, events)
      expect(project.state.parse(JSON.parse(JSON.stringify(state)))).toEqual(state)
    }))
})
