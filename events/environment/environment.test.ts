import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { specify } from '../testing.ts'
import { type EnvironmentCommand, environment } from './environment.ts'
import type { EnvironmentEvent } from './events.ts'
import {
  asked,
  cancelled,
  cloned,
  created,
  deleted,
  deployed,
  failed,
  pinned,
  requested,
  resumed,
  started,
  stopped,
  succeeded,
  took,
} from './examples.ts'

const { given } = specify(environment)

type Commands<Type> = Extract<EnvironmentCommand, { type: Type }>

const settings = { name: 'Staging', branch: null, odooVersion: '17.0', modules: 'all' as const }
const create: EnvironmentCommand = {
  ...{ type: 'CreateEnvironment', projectId: 'shop', kind: 'staging', database: 'shop_staging', ...settings },
}
const update = (changes: Partial<Commands<'UpdateEnvironment'>>): EnvironmentCommand => ({
  ...{ type: 'UpdateEnvironment', ...settings, ...changes },
})
const request = (number: number, changes: Partial<Commands<'RequestDeployment'>> = {}): EnvironmentCommand => ({
  ...{ type: 'RequestDeployment', deploymentId: `deployment ${number}`, kind: 'deploy', of: null, commits: [] },
  ...changes,
})
const of = (number: number) => ({ deploymentId: `deployment ${number}` })
const succeed = (number: number): EnvironmentCommand => ({
  ...{ type: 'SucceedDeployment', ...of(number), message: 'Odoo installed 1 module.', warnings: 0 },
})
const fail = (number: number): EnvironmentCommand => ({
  ...{ type: 'FailDeployment', ...of(number), step: 'fetch', reason: 'unreachable' },
  ...{ message: 'git was not answered in time.', remedy: 'Try again.' },
})
const main = cloned('main', 'a1')
const running = [created(), requested(1), started(1)]
const good = [...running, took(1, main), succeeded(1)]
const stateOf = (...events: EnvironmentEvent[]) => fold(environment, environment.initialState, events)

describe('an environment', () => {
  test('is created', () => given().when(create).then(created()))
  test('is created once', () => {
    given(created()).when(create).thenRefused('EnvironmentExists')
    given(created(), deleted).when(create).thenRefused('EnvironmentExists')
  })
  test('is told what changes, and nothing else', () => {
    given(created()).when(update({})).thenNothing()
    given(created())
      .when(update({ name: 'Test', branch: '17.0-next', odooVersion: '18.0', modules: ['web', 'sale'] }))
      .then(
        { type: 'EnvironmentRenamed', data: { name: 'Test' } },
        { type: 'BranchSelected', data: { branch: '17.0-next' } },
        { type: 'OdooVersionSelected', data: { odooVersion: '18.0' } },
        { type: 'ModulesSelected', data: { modules: ['web', 'sale'] } },
      )
  })
  test('has the same modules in whichever order they are named', () =>
    given(created({ modules: ['web', 'sale'] }))
      .when(update({ modules: ['sale', 'web'] }))
      .thenNothing())
  test('stops and is resumed', () => {
    given(created()).when({ type: 'StopEnvironment' }).then(stopped)
    given(created(), stopped).when({ type: 'StopEnvironment' }).thenNothing()
    given(created(), stopped).when({ type: 'ResumeEnvironment' }).then(resumed)
    given(created()).when({ type: 'ResumeEnvironment' }).thenNothing()
  })
  test('is deleted, once', () => {
    given(created()).when({ type: 'DeleteEnvironment' }).then(deleted)
    given(created(), deleted).when({ type: 'DeleteEnvironment' }).thenNothing()
    given(created(), deleted)
      .when(update({ name: 'late' }))
      .thenRefused('EnvironmentMissing')
    given().when({ type: 'DeleteEnvironment' }).thenRefused('EnvironmentMissing')
  })
  test('neither stops nor goes while a deployment is not over', () => {
    given(...running)
      .when({ type: 'StopEnvironment' })
      .thenRefused('DeploymentRunning')
    given(...running)
      .when({ type: 'DeleteEnvironment' })
      .thenRefused('DeploymentRunning')
  })
})

describe('asking for a deployment', () => {
  test('is recorded with its number', () => {
    given(created()).when(request(1)).then(requested(1))
    given(...good)
      .when(request(2))
      .then(requested(2))
    given(created(), requested(1), cancelled(1, null)).when(request(2)).then(requested(2))
  })
  test('is refused while another one is not over', () => {
    given(created(), requested(1)).when(request(2)).thenRefused('DeploymentRunning')
    given(...running)
      .when(request(2))
      .thenRefused('DeploymentRunning')
  })
  test('is refused by a stopped environment', () =>
    given(created(), stopped).when(request(1)).thenRefused('EnvironmentStopped'))
  test('to bring up to date what was never deployed is a first deployment', () => {
    given(created())
      .when(request(1, { kind: 'sync' }))
      .then(requested(1))
    given(...good)
      .when(request(2, { kind: 'sync' }))
      .then(requested(2, { kind: 'sync' }))
  })
  test('can name commits, as a retry and a way back do', () => {
    const back = { kind: 'rollback' as const, of: 'deployment 1', commits: [pinned('main', 'a1')] }
    given(...good)
      .when(request(2, back))
      .then(requested(2, back))
  })
})

describe('a deployment', () => {
  test('starts once', () => {
    given(created(), requested(1))
      .when({ type: 'StartDeployment', ...of(1) })
      .then(started(1))
    given(...running)
      .when({ type: 'StartDeployment', ...of(1) })
      .thenNothing()
  })
  test('tells each repository that it took once, and again only at another commit', () => {
    const record = (commit: string): EnvironmentCommand => ({
      ...{ type: 'RecordClone', ...of(1), repository: cloned('main', commit) },
    })
    given(...running)
      .when(record('a1'))
      .then(took(1, main))
    given(...running, took(1, main))
      .when(record('a1'))
      .thenNothing()
    given(...running, took(1, main))
      .when(record('b2'))
      .then(took(1, cloned('main', 'b2')))
  })
  test('tells the modules that Odoo took in, or that were planned', () => {
    const record = (installed: boolean): EnvironmentCommand => ({
      ...{ type: 'RecordModules', ...of(1), installed, install: [deployed('web', 'h1')], update: [] },
    })
    const data = { ...of(1), install: [deployed('web', 'h1')], update: [] }
    given(...running)
      .when(record(true))
      .then({ type: 'ModulesInstalled', data })
    given(...running)
      .when(record(false))
      .then({ type: 'InstallPlanned', data })
    given(...running)
      .when({ type: 'RecordModules', ...of(1), installed: true, install: [], update: [] })
      .thenNothing()
  })
  test('succeeds, and its commits are the last good ones', () => {
    given(...running, took(1, main))
      .when(succeed(1))
      .then(succeeded(1))
    expect(stateOf(...good)).toMatchObject({
      ...{ deployment: null, lastGood: { id: 'deployment 1', commits: [pinned('main', 'a1')] } },
    })
  })
  test('fails, and the last good one stays', () => {
    const second = [...good, requested(2), started(2), took(2, cloned('main', 'b2'))]
    given(...second)
      .when(fail(2))
      .then(failed(2))
    expect(stateOf(...second, failed(2))).toMatchObject({ deployment: null, lastGood: { id: 'deployment 1' } })
  })
  test('is cancelled at once when it has not begun, and asked to stop when it has', () => {
    const cancel: EnvironmentCommand = { type: 'RequestCancellation', ...of(1) }
    given(created(), requested(1)).when(cancel).then(cancelled(1, null))
    given(...running)
      .when(cancel)
      .then(asked(1))
    given(...running, asked(1))
      .when(cancel)
      .thenNothing()
    given(...running, asked(1))
      .when({ type: 'CancelDeployment', ...of(1), step: 'install' })
      .then(cancelled(1, 'install'))
  })
  test('that is over takes nothing more', () => {
    for (const command of [succeed(1), fail(1)]) {
      given(...good)
        .when(command)
        .thenRefused('DeploymentOver')
    }
    given(...good, requested(2))
      .when({ type: 'RequestCancellation', ...of(1) })
      .thenRefused('DeploymentOver')
  })
})
