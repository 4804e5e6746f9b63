import { A } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { createSignal, onMount, Show } from 'solid-js'
import { objection, type ProjectView, type UsedRepository } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { AddonList } from './addon-list.tsx'
import { ChosenRepository, objectionTo } from './chosen-repository.tsx'
import { type PickerStart, RepositoryPicker } from './repository-picker.tsx'
import { identityOf, splitName } from './used.ts'

/** An addon repository in the form; the number stays its own, whatever is chosen anew and wherever it goes. */
export interface Addon {
  readonly number: number
  readonly used: UsedRepository
}

type Choice = Pick<UsedRepository, 'connectionId' | 'repositoryId' | 'branch'>
interface Wanted {
  readonly name: string
  readonly repository: Choice
  readonly addons: Choice[]
}

/** For what the picker chooses: the main repository, one more addon, or another one in an addon's place. */
type Place = 'main' | 'new' | number

/** A project as a form: its name, its main repository, and addon repositories in order of precedence. */
export function ProjectForm(props: {
  /** What it is so far; null for a new one. */
  project: ProjectView | null
  /** The connection that choosing begins with. */
  connectionId?: string | undefined
  /** What the form does in the end, in a word or two. */
  does: string
  cancel: string
  save: (wanted: Wanted) => Promise<void>
}) {
  let numbers = 0
  const numbered = (used: UsedRepository): Addon => ({ number: numbers++, used })
  const [ownName, setOwnName] = createSignal(props.project?.name ?? null)
  const [main, setMain] = createSignal(props.project?.repository ?? null)
  const [addons, setAddons] = createSignal((props.project?.addons ?? []).map(numbered))
  const [picking, setPicking] = createSignal<{ place: Place; start: PickerStart } | null>(null)
  const [lastConnection, setLastConnection] = createSignal(props.connectionId ?? props.project?.repository.connectionId)
  const [incomplete, setIncomplete] = createSignal(false)
  const name = () => ownName() ?? splitName(main()?.fullName ?? '').name
  const save = useMutation(() => ({
    mutationFn: (repository: UsedRepository) =>
      props.save({
        name: name(),
        repository: choiceOf(repository),
        addons: addons().map(({ used }) => choiceOf(used)),
      }),
  }))
  const change = (next: Addon[]) => {
    setAddons(next)
    // The server named what was wrong by places, which are others now.
    save.reset()
  }
  const pick = (place: Place, start: PickerStart) => setPicking({ place, start })
  const begin = (place: Place) =>
    pick(place, {
      step: place === 'main' && props.connectionId ? 'repository' : 'connection',
      connectionId: lastConnection(),
    })
  const take = (place: Place, used: UsedRepository) => {
    setPicking(null)
    setLastConnection(used.connectionId)
    if (place === 'main') setMain(used)
    change(
      place === 'new'
        ? [...addons(), numbered(used)]
        : addons().map((addon) => (addon.number === place ? { ...addon, used } : addon)),
    )
  }
  const taken = (place: Place) => {
    const repository = main()
    return new Set([
      ...(repository && place !== 'main' ? [identityOf(repository)] : []),
      ...addons().flatMap(({ number, used }) => (number === place ? [] : [identityOf(used)])),
    ])
  }
  const besideField = () =>
    objection(save.error, 'name') ??
    objectionTo(save.error, 'repository') ??
    addons().find((_, index) => objectionTo(save.error, `addons.${index}`))
  onMount(() => props.connectionId && !props.project && begin('main'))
  return (
    <form
      class="flex max-w-3xl flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault()
        const repository = main()
        setIncomplete(!repository)
        if (repository && !save.isPending) save.mutate(repository)
      }}
    >
      <Field
        class="max-w-md"
        label="Name"
        required
        maxLength={80}
        value={name()}
        onInput={(event) => setOwnName(event.currentTarget.value)}
        error={objection(save.error, 'name')}
        hint={ownName() === null && !main() ? 'Left empty, it takes the name of its main repository.' : undefined}
      />
      <section aria-labelledby="main-repository" class="flex flex-col gap-2">
        <h2 id="main-repository" class="text-lg font-semibold">
          Main repository
        </h2>
        <Show
          when={main()}
          fallback={
            <>
              <Button class="self-start" onClick={() => begin('main')}>
                Choose a repository
              </Button>
              <div role="alert" class="text-sm text-bad empty:hidden">
                <Show when={incomplete()}>Choose the main repository.</Show>
              </div>
            </>
          }
        >
          {(used) => (
            <div class="card p-3">
              <ChosenRepository
                used={used()}
                part="main repository"
                error={objectionTo(save.error, 'repository')}
                onChange={(step) => pick('main', { step, used: used() })}
              />
            </div>
          )}
        </Show>
      </section>
      <section aria-labelledby="addon-repositories" class="flex flex-col gap-2">
        <h2 id="addon-repositories" class="text-lg font-semibold">
          Addon repositories
        </h2>
        <p class="text-quiet">In order of precedence: of two that hold the same module the upper one counts.</p>
        <AddonList
          addons={addons()}
          error={save.error}
          onOrder={change}
          onChange={({ number, used }, step) => pick(number, { step, used })}
        />
        <div role="alert" class="text-sm text-bad empty:hidden">
          {objection(save.error, 'addons')}
        </div>
        <Button class="self-start" onClick={() => begin('new')}>
          Add an addon repository
        </Button>
      </section>
      <Trouble error={besideField() || objection(save.error, 'addons') ? null : save.error} />
      <div class="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" class="max-sm:w-full" working={save.isPending}>
          {props.does}
        </Button>
        <A class="link inline-flex min-h-10 items-center" href={props.cancel}>
          Cancel
        </A>
      </div>
      <Show when={picking()} keyed>
        {({ place, start }) => (
          <RepositoryPicker
            title={place === 'main' ? 'Choose the main repository' : 'Choose an addon repository'}
            start={start}
            taken={taken(place)}
            onChoose={(used) => take(place, used)}
            onClose={() => setPicking(null)}
          />
        )}
      </Show>
    </form>
  )
}

function choiceOf({ connectionId, repositoryId, branch }: UsedRepository): Choice {
  return { connectionId, repositoryId, branch }
}
