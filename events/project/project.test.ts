import { describe, expect, test } from 'vitest'
import { fold } from '../decider.ts'
import { specify } from '../testing.ts'
import type { ChosenRepository, ProjectEvent } from './events.ts'
import { added, changed, chosen, created, deleted, lost, regained, removed, reordered, selected } from './examples.ts'
import { type ProjectCommand, project } from './project.ts'

const { given } = specify(project)

const main = chosen('main')
const web = chosen('web')
const stock = chosen('stock')
const hr = chosen('hr')
const onOtherBranch = (one: ChosenRepository) => ({ ...one, branch: '18.0' })
const throughOther = (one: ChosenRepository) => ({ ...one, connectionId: 'another of github' })
/** On GitLab another repository may have the number that this one has on GitHub. */
const namesake = (one: ChosenRepository) => ({ ...one, connectionId: 'gitlab', baseUrl: 'https://gitlab.com' })

const create = (...addons: ChosenRepository[]): ProjectCommand => ({
  ...{ type: 'CreateProject', name: 'Acme', repository: main, addons },
})
const update = (changes: Partial<Extract<ProjectCommand, { type: 'UpdateProject' }>> = {}): ProjectCommand => ({
  ...{ type: 'UpdateProject', name: 'Acme', repository: main, addons: [web, stock], ...changes },
})
const lose = ({ connectionId, repositoryId }: ChosenRepository, reason = 'notFound'): ProjectCommand => ({
  ...{ type: 'LoseRepositoryAccess', connectionId, repositoryId, reason },
})
const regain = ({ connectionId, repositoryId }: ChosenRepository): ProjectCommand => ({
  ...{ type: 'RegainRepositoryAccess', connectionId, repositoryId },
})
const remove: ProjectCommand = { type: 'DeleteProject', environments: [] }

const acme = [created(), selected(main), added(web), added(stock)]
const stateOf = (...events: ProjectEvent[]) => fold(project, project.initialState, events)

describe('creating a project', () => {
  test('is recorded with its repositories, the addons in their order', () =>
    given()
      .when(create(web, stock))
      .then(...acme))
  test('needs no addons', () => given().when(create()).then(created(), selected(main)))
  test('is refused where there is one', () =>
    given(...acme)
      .when(create())
      .thenRefused('ProjectExists'))
  test('is refused where one was deleted', () =>
    given(...acme, deleted)
      .when(create())
      .thenRefused('ProjectExists'))
})

describe('a repository that is chosen twice', () => {
  test('is refused by its name', () => {
    const twice = () => project.decide(create(web, stock, web), { is: 'absent' })
    expect(twice).toThrow('acme/web is an addon repository of this project already.')
    expect(twice).toThrow(expect.objectContaining({ code: 'RepositoryTwice', field: 'addons.2.repositoryId' }))
  })
  test('is refused when it is the main one', () => {
    const twice = () => project.decide(create(web, main), { is: 'absent' })
    expect(twice).toThrow('acme/main is the main repository of this project already.')
    expect(twice).toThrow(expect.objectContaining({ code: 'RepositoryTwice', field: 'addons.1.repositoryId' }))
  })
  test('is refused through another connection and from another branch too', () =>
    given()
      .when(create(web, throughOther(onOtherBranch(web))))
      .thenRefused('RepositoryTwice'))
  test('is refused in an update', () =>
    given(...acme)
      .when(update({ addons: [web, stock, stock] }))
      .thenRefused('RepositoryTwice'))
  test('is another one when it only has the same number on another instance', () =>
    given()
      .when(create(web, namesake(web), namesake(main)))
      .then(created(), selected(main), added(web), added(namesake(web)), added(namesake(main))))
})

describe('updating a project', () => {
  test('to what it is changes nothing', () =>
    given(...acme)
      .when(update())
      .thenNothing())
  test('renames it', () =>
    given(...acme)
      .when(update({ name: 'Acme ERP' }))
      .then({ type: 'ProjectRenamed', data: { name: 'Acme ERP' } }))
  test.each([
    ['another repository', hr],
    ['another branch', onOtherBranch(main)],
    ['another connection', throughOther(main)],
    ['another repository of the same number', namesake(main)],
  ])('selects %s', (_, repository) =>
    given(...acme)
      .when(update({ repository }))
      .then(selected(repository)),
  )
  test.each([
    ['branch', onOtherBranch(web)],
    ['connection', throughOther(web)],
  ])('changes the %s of an addon in its place', (_, addon) => {
    given(...acme)
      .when(update({ addons: [addon, stock] }))
      .then(changed(addon))
    expect(stateOf(...acme, changed(addon))).toMatchObject({ addons: [addon, stock] })
  })
  test('adds an addon at the end', () =>
    given(...acme)
      .when(update({ addons: [web, stock, hr] }))
      .then(added(hr)))
  test('adds an addon before others', () =>
    given(...acme)
      .when(update({ addons: [web, hr, stock] }))
      .then(added(hr), reordered(web, hr, stock)))
  test('removes an addon and leaves the others in their order', () =>
    given(...acme)
      .when(update({ addons: [stock] }))
      .then(removed(web)))
  test('changes the order of the addons', () =>
    given(...acme)
      .when(update({ addons: [stock, web] }))
      .then(reordered(stock, web)))
  test('takes one addon for another', () =>
    given(...acme)
      .when(update({ addons: [web, hr] }))
      .then(removed(stock), added(hr)))
  test('makes an addon the main repository, and the other way round', () =>
    given(...acme)
      .when(update({ repository: web, addons: [main, stock] }))
      .then(removed(web), selected(web), added(main), reordered(main, stock)))
  test('tells a new name of a repository only with another change of it', () =>
    given(...acme)
      .when(update({ repository: { ...main, fullName: 'acme/renamed' } }))
      .thenNothing())
})

describe('the access to a repository', () => {
  const accessOf = (...events: ProjectEvent[]) => {
    const state = stateOf(...events)
    return state.is === 'active' ? [state.repository, ...state.addons].map((one) => one?.accessLost?.reason) : []
  }
  test.each([main, stock])('is lost for that one alone: $fullName', (one) => {
    given(...acme)
      .when(lose(one))
      .then(lost(one))
    expect(accessOf(...acme, lost(one)).filter(Boolean)).toEqual(['notFound'])
  })
  test('is told as lost once for each reason', () => {
    given(...acme, lost(main))
      .when(lose(main))
      .thenNothing()
    given(...acme, lost(main))
      .when(lose(main, 'forbidden'))
      .then(lost(main, 'forbidden'))
  })
  test('is regained', () => {
    given(...acme, lost(web))
      .when(regain(web))
      .then(regained(web))
    expect(accessOf(...acme, lost(web), regained(web))).toEqual([undefined, undefined, undefined])
  })
  test('cannot be regained before it was lost', () =>
    given(...acme)
      .when(regain(web))
      .thenNothing())
  test('stays lost on another branch', () =>
    expect(
      accessOf(...acme, lost(main), lost(web), selected(onOtherBranch(main)), changed(onOtherBranch(web))),
    ).toEqual(['notFound', 'notFound', undefined]))
  test('is open again through another connection', () =>
    expect(accessOf(...acme, lost(main), lost(web), selected(throughOther(main)), changed(throughOther(web)))).toEqual([
      ...[undefined, undefined, undefined],
    ]))
  test('concerns nobody when the repository is not in use, or through another connection', () => {
    given(...acme)
      .when(lose(hr))
      .thenNothing()
    given(...acme)
      .when(lose(throughOther(web)))
      .thenNothing()
    given(...acme, lost(web), changed(throughOther(web)))
      .when(regain(web))
      .thenNothing()
  })
})

describe('deleting a project', () => {
  test('is recorded', () =>
    given(...acme)
      .when(remove)
      .then(deleted))
  test('is refused while it has environments, by their names', () => {
    const inUse = { type: 'DeleteProject', environments: ['Staging', 'Live'] } as const
    given(...acme)
      .when(inUse)
      .thenRefused('ProjectInUse')
    expect(() => project.decide(inUse, stateOf(...acme))).toThrow('the environments "Staging", "Live"')
  })
  test('a second time changes nothing', () =>
    given(...acme, deleted)
      .when(remove)
      .thenNothing())
  test('ends what is found out about its repositories', () => {
    for (const command of [lose(main), regain(main)]) {
      given(...acme, lost(main), deleted)
        .when(command)
        .thenNothing()
    }
  })
  test('ends its changes', () =>
    given(...acme, deleted)
      .when(update({ name: 'late' }))
      .thenRefused('ProjectMissing'))
})

describe('a command on a project that never was', () => {
  test.each([update(), lose(main), regain(main), remove])('is refused: $type', (command) =>
    given().when(command).thenRefused('ProjectMissing'),
  )
})

describe('moving repositories to another connection', () => {
  const move = (...repositories: ChosenRepository[]): ProjectCommand => ({
    ...{ type: 'MoveRepositories', from: 'github', to: 'another of github' },
    repositories: repositories.map(({ repositoryId, fullName, branch }) => ({ repositoryId, fullName, branch })),
  })
  test('takes each of them through it, in its place and from its branch', () => {
    given(...acme)
      .when(move(main, stock))
      .then(selected(throughOther(main)), changed(throughOther(stock)))
    expect(stateOf(...acme, selected(throughOther(main)), changed(throughOther(stock)))).toMatchObject({
      ...{ repository: throughOther(main), addons: [web, throughOther(stock)] },
    })
  })
  test('tells what they are called now', () =>
    given(...acme)
      .when(move({ ...web, fullName: 'acme/front' }))
      .then(changed({ ...throughOther(web), fullName: 'acme/front' })))
  test('leaves what is not taken through the old one any more, or from another branch than was tried', () =>
    given(...acme, changed(throughOther(web)), changed(onOtherBranch(stock)))
      .when(move(web, stock, hr))
      .thenNothing())
  test('opens again what was lost through the old one', () =>
    expect(stateOf(...acme, lost(main), selected(throughOther(main)))).toMatchObject({
      repository: { accessLost: null },
    }))
})
