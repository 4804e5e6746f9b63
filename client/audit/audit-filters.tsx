import { useSearchParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { type AuditFacets, api, ask } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ClearChip, Select } from '../ui/select.tsx'
import { textOf } from '../ui/text-of.ts'
import { useAnswer } from '../use-answer.ts'

type Search = Record<string, string | string[] | undefined>

/** A time that was picked or typed, as the server takes it. */
export const instant = (value: string) => (Number.isNaN(Date.parse(value)) ? undefined : new Date(value).toISOString())

/** The filters that the URL holds, as the server takes them. */
export function filtersOf(search: Search) {
  const [from, to] = [instant(textOf(search.from)), instant(textOf(search.to))]
  return {
    ...(textOf(search.creator) ? { creatorId: textOf(search.creator) } : {}),
    ...(textOf(search.actor) ? { actorId: textOf(search.actor) } : {}),
    ...(textOf(search.connection) ? { connectionId: textOf(search.connection) } : {}),
    ...(textOf(search.project) ? { projectId: textOf(search.project) } : {}),
    ...(textOf(search.environment) ? { environmentId: textOf(search.environment) } : {}),
    ...(textOf(search.kind) ? { types: [textOf(search.kind)] } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  }
}

const none = {
  creator: null,
  actor: null,
  connection: null,
  project: null,
  environment: null,
  kind: null,
  from: null,
  to: null,
  asOf: null,
  entry: null,
}

/** What narrows the audit, each a chip that can be cleared; all of it is in the URL. */
export function AuditFilters(props: { facets: AuditFacets | undefined }) {
  const [search, setSearch] = useSearchParams()
  const named = (list: readonly { id: string; name: string }[] | undefined) => [
    ['', 'all'] as const,
    ...(list ?? []).map(({ id, name }) => [id, name] as const),
  ]
  const Choice = (own: {
    label: string
    name: 'creator' | 'actor' | 'connection' | 'project' | 'environment' | 'kind'
    options: readonly (readonly [string, string])[]
  }) => (
    <Select
      label={own.label}
      clearable
      value={textOf(search[own.name])}
      options={own.options}
      onChange={(value) => setSearch({ [own.name]: value || null, entry: null })}
    />
  )
  const Instant = (own: { name: 'from' | 'to' | 'asOf'; label: string }) => (
    <div class="control chip" classList={{ 'chip-set': Boolean(search[own.name]) }}>
      <label class="inline-flex min-w-0 items-center gap-1">
        <span class="whitespace-nowrap text-quiet">{own.label}:</span>
        <input
          type="datetime-local"
          class="moment min-w-0 rounded-md bg-transparent py-1 tabular-nums"
          data-open={search[own.name] ? undefined : ''}
          value={textOf(search[own.name])}
          onChange={(event) => setSearch({ [own.name]: event.currentTarget.value || null, entry: null })}
        />
      </label>
      <Show when={search[own.name]}>
        <ClearChip label={own.label} onClear={() => setSearch({ [own.name]: null })} />
      </Show>
    </div>
  )
  const environments = useAnswer(() => ask('environments.list', api.environments.list, {}))
  const placed = () => environments.data?.map(({ id, name, project }) => ({ id, name: `${project.name} / ${name}` }))
  const filtered = () => Object.keys(none).some((name) => name !== 'entry' && search[name])
  return (
    <div class="mb-5 flex flex-wrap items-center gap-2">
      <Choice label="Creator" name="creator" options={named(props.facets?.creators)} />
      <Choice label="Actor" name="actor" options={named(props.facets?.actors)} />
      <Choice label="Connection" name="connection" options={named(props.facets?.connections)} />
      <Choice label="Project" name="project" options={named(props.facets?.projects)} />
      <Choice label="Environment" name="environment" options={named(placed())} />
      <Choice
        label="Kind"
        name="kind"
        options={[['', 'all'], ...(props.facets?.types ?? []).map((type) => [type, type] as const)]}
      />
      <Instant name="from" label="From" />
      <Instant name="to" label="To" />
      <Instant name="asOf" label="As of" />
      <Show when={filtered()}>
        <Button small look="bare" onClick={() => setSearch(none)}>
          Clear all
        </Button>
      </Show>
    </div>
  )
}
