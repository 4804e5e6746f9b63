import { For, Show } from 'solid-js'
import type { DeploymentView, Plan } from '../api.ts'
import { CopyChip } from '../ui/copy.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { PlanTable } from './plan-table.tsx'
import { counted } from './words.ts'

/** What a deployment was going to do: its modules in order, and what they need beside the repositories. */
export function PlanPart(props: { deployment: DeploymentView }) {
  return (
    <Show
      when={props.deployment.plan}
      fallback={
        <p class="text-quiet">
          {props.deployment.endedAt
            ? 'It ended before there was a plan.'
            : 'It is made when the repositories are there.'}
        </p>
      }
    >
      {(plan) => (
        <div class="flex flex-col gap-4">
          <Show when={props.deployment.modules?.by === 'plan' && props.deployment.status === 'succeeded'}>
            <NothingInstalled plan={plan()} />
          </Show>
          <Show when={plan().warnings.length > 0}>
            <div class="rounded-md border border-late p-3">
              <p class="font-medium text-late">{counted(plan().warnings.length, 'warning')}</p>
              <ul class="list-disc pl-5">
                <For each={plan().warnings}>{(warning) => <li>{warning}</li>}</For>
              </ul>
            </div>
          </Show>
          <PlanTable plan={plan()} />
          <Needs plan={plan()} installed={props.deployment.modules?.by !== 'plan'} />
        </div>
      )}
    </Show>
  )
}

function NothingInstalled(props: { plan: Plan }) {
  return (
    <div class="flex flex-col gap-2 rounded-md border border-late p-3">
      <p>
        <strong class="font-semibold">Nothing was installed.</strong> This server has no command to run Odoo with: its
        setting <span class="font-mono text-sm">ODOO_COMMAND</span> is empty. The files are written; run this where Odoo
        is, or set the command and deploy again.
      </p>
      <Show when={props.plan.command}>{(command) => <Command text={command()} />}</Show>
    </div>
  )
}

function Command(props: { text: string }) {
  return <CopyChip text={props.text} label="the command" />
}

/** Beside the modules: what Odoo and the machine are to bring, where the modules lie, and the command as it was run. */
function Needs(props: { plan: Plan; installed: boolean }) {
  const external = () =>
    [
      ['Python packages', props.plan.external.python],
      ['Programs', props.plan.external.bin],
      ['System packages', props.plan.external.deb],
    ] as const
  return (
    <Facts>
      <Fact name="Odoo">
        {props.plan.series}, database <span class="font-mono text-sm">{props.plan.database}</span>
      </Fact>
      <Show when={props.plan.expected.length > 0}>
        <Fact name="Expected from Odoo">
          <span class="font-mono text-sm">{props.plan.expected.join(', ')}</span>
        </Fact>
      </Show>
      <For each={external().filter(([, names]) => names.length > 0)}>
        {([name, names]) => (
          <Fact name={name}>
            <span class="font-mono text-sm">{names.join(', ')}</span>
          </Fact>
        )}
      </For>
      <For each={props.plan.requirements}>
        {({ file, lines }) => (
          <Fact name="Asked for by">
            <details>
              <summary class="font-mono text-sm">{file}</summary>
              <pre tabindex="0" class="max-h-60 overflow-auto rounded-md border border-line bg-sunken p-2 text-sm">
                {lines.join('\n')}
              </pre>
            </details>
          </Fact>
        )}
      </For>
      <Fact name="Addons path">
        <ol class="flex flex-col">
          <For each={props.plan.addonsPath}>{(path) => <li class="font-mono text-sm">{path}</li>}</For>
        </ol>
      </Fact>
      <Show when={props.plan.command}>
        {(command) => (
          <Fact name={props.installed ? 'Command' : 'Command to run'}>
            <Command text={command()} />
          </Fact>
        )}
      </Show>
    </Facts>
  )
}
