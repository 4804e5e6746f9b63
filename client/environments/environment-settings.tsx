import { For, Show } from 'solid-js'
import type { EnvironmentView, ProjectView } from '../api.ts'
import { CopyChip } from '../ui/copy.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Time } from '../ui/time.tsx'
import { kinds } from './kinds.ts'
import { series } from './series.ts'

/** What an environment is set to. */
export function EnvironmentSettings(props: { environment: EnvironmentView; project: ProjectView | undefined }) {
  const kind = () => kinds.find(({ value }) => value === props.environment.kind)
  const support = () => series.find(({ version }) => version === props.environment.odooVersion)?.support
  const some = () => (props.environment.modules === 'all' ? null : props.environment.modules)
  return (
    <Facts>
      <Fact name="Kind">
        {kind()?.name} <span class="block text-sm text-quiet">{kind()?.meaning}</span>
      </Fact>
      <Fact name="Branch">
        <span class="font-mono text-sm">{props.environment.branch ?? props.project?.repository.branch}</span>
        <span class="block text-sm text-quiet">
          {props.environment.branch ? 'for this environment alone' : "the project's"}
        </span>
      </Fact>
      <Fact name="Odoo">
        {props.environment.odooVersion}
        <Show when={support()}>{(words) => <span class="text-quiet">, {words()}</span>}</Show>
      </Fact>
      <Fact name="Modules">
        <Show when={some()} fallback="All that the repositories hold and that can be installed">
          {(names) => (
            <ul class="flex flex-wrap gap-1.5">
              <For each={names()}>
                {(name) => <li class="rounded-md border border-line bg-sunken px-2 font-mono text-sm">{name}</li>}
              </For>
            </ul>
          )}
        </Show>
      </Fact>
      <Fact name="Database">
        <CopyChip text={props.environment.database} label="the database's name" />
      </Fact>
      <Fact name="Created">
        <Time at={props.environment.createdAt} as="day" /> by {props.environment.createdBy.name}
      </Fact>
      <Show when={props.environment.stoppedAt}>
        {(at) => (
          <Fact name="Stopped">
            since <Time at={at()} as="dayAndClock" />. It takes no deployments, and no connection is kept for it.
          </Fact>
        )}
      </Show>
    </Facts>
  )
}
