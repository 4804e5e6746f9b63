import { A } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { type EnvironmentView, explain, objection, type ProjectView, refusal } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { OneOf } from '../ui/one-of.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { BranchChoice } from './branch-choice.tsx'
import { suggestDatabase } from './database-name.ts'
import { kinds } from './kinds.ts'
import { ModulesChoice } from './modules-choice.tsx'
import { proposedSeries, series } from './series.ts'

type Wanted = Pick<EnvironmentView, 'name' | 'kind' | 'branch' | 'odooVersion' | 'modules' | 'database'>
const fields = ['name', 'kind', 'branch', 'odooVersion', 'modules', 'database']

/** An environment as a form; its kind and its database are chosen once. */
export function EnvironmentForm(props: {
  project: ProjectView
  /** What it is so far; null for a new one. */
  environment: EnvironmentView | null
  /** What the form does in the end, in a word or two. */
  does: string
  cancel: string
  save: (wanted: Wanted) => Promise<void>
}) {
  const before = props.environment
  const [name, setName] = createSignal(before?.name ?? '')
  const [kind, setKind] = createSignal(before?.kind ?? 'development')
  const [branch, setBranch] = createSignal(before?.branch ?? null)
  const [ownVersion, setOwnVersion] = createSignal(before?.odooVersion ?? null)
  const [modules, setModules] = createSignal(before?.modules ?? 'all')
  const [ownDatabase, setOwnDatabase] = createSignal(before?.database ?? null)
  const [incomplete, setIncomplete] = createSignal(false)
  const odooVersion = () => ownVersion() ?? proposedSeries(branch() ?? props.project.repository.branch)
  const database = () => ownDatabase() ?? (name().trim() ? suggestDatabase(props.project.name, name()) : '')
  const save = useMutation(() => ({
    mutationFn: () =>
      props.save({
        ...{ name: name(), kind: kind(), branch: branch(), odooVersion: odooVersion() },
        ...{ modules: modules(), database: database() },
      }),
  }))
  const isTaken = () => refusal(save.error)?.domainCode === 'DatabaseTaken'
  const saidOf = (field: string) =>
    field === 'database' && isTaken() ? explain(save.error) : objection(save.error, field)
  const besideField = () => fields.some((field) => saidOf(field) !== null)
  return (
    <form
      class="flex max-w-3xl flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault()
        setIncomplete(modules().length === 0)
        if (modules().length > 0 && !save.isPending) save.mutate()
      }}
    >
      <Field
        class="max-w-md"
        label="Name"
        required
        maxLength={80}
        value={name()}
        placeholder="Staging"
        onInput={(event) => setName(event.currentTarget.value)}
        error={saidOf('name')}
      />
      <Show when={!before}>
        <OneOf label="Kind" value={kind()} options={kinds} onChange={setKind} error={saidOf('kind')} />
      </Show>
      <BranchChoice
        repository={props.project.repository}
        branch={branch()}
        error={saidOf('branch')}
        onChange={setBranch}
      />
      <VersionField version={odooVersion()} error={saidOf('odooVersion')} onChange={setOwnVersion} />
      <ModulesChoice
        of={{ projectId: props.project.id, branch: branch(), odooVersion: odooVersion() }}
        modules={modules()}
        error={incomplete() && modules().length === 0 ? 'Choose a module, or all.' : saidOf('modules')}
        onChange={setModules}
      />
      <Show
        when={!before}
        fallback={
          <p class="text-quiet">
            Its database is <span class="font-mono text-sm">{before?.database}</span>, which can't be changed. What you
            change here counts from the next deployment on.
          </p>
        }
      >
        <Field
          class="max-w-md"
          label="Database"
          required
          maxLength={63}
          spellcheck={false}
          autocapitalize="off"
          value={database()}
          onInput={(event) => setOwnDatabase(event.currentTarget.value)}
          error={saidOf('database')}
          hint="The name of Odoo's database. It is made when it is not there, and can't be changed later."
        />
      </Show>
      <Trouble error={besideField() ? null : save.error} />
      <div class="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" class="max-sm:w-full" working={save.isPending}>
          {props.does}
        </Button>
        <A class="link inline-flex min-h-10 items-center" href={props.cancel}>
          Cancel
        </A>
      </div>
    </form>
  )
}

function VersionField(props: { version: string; error: string | null; onChange: (version: string) => void }) {
  const id = createUniqueId()
  /** One that was chosen by API, too. */
  const offered = () => {
    const known = series.some(({ version }) => version === props.version)
    return known ? series : [...series, { version: props.version, support: 'not known here' }]
  }
  return (
    <div class="flex max-w-md flex-col gap-1">
      <label for={id} class="font-medium">
        Odoo version
      </label>
      <select
        id={id}
        class="control w-full"
        value={props.version}
        aria-describedby={`${id}-error`}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        <For each={offered()}>
          {({ version, support }) => (
            <option value={version} selected={version === props.version}>
              {version}, {support}
            </option>
          )}
        </For>
      </select>
      <div id={`${id}-error`} role="alert" class="text-sm text-bad empty:hidden">
        {props.error}
      </div>
    </div>
  )
}
