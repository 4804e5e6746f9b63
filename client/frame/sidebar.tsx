import { A } from '@solidjs/router'
import Boxes from 'lucide-solid/icons/boxes'
import GitBranch from 'lucide-solid/icons/git-branch'
import KeyRound from 'lucide-solid/icons/key-round'
import LogOut from 'lucide-solid/icons/log-out'
import Rocket from 'lucide-solid/icons/rocket'
import ScrollText from 'lucide-solid/icons/scroll-text'
import Users from 'lucide-solid/icons/users'
import { type Component, createSignal, For, Show } from 'solid-js'
import type { Organization } from '../api.ts'
import { signOut } from '../organization/session.ts'
import { ThemeChoice } from './theme-choice.tsx'

type Place = { href: string; name: string; icon: Component<{ size?: number; class?: string; 'aria-hidden'?: 'true' }> }

const settings: Place[] = [
  { href: '/settings/git-connections', name: 'Git Connections', icon: GitBranch },
  { href: '/settings/members', name: 'Members', icon: Users },
  { href: '/settings/api-keys', name: 'API keys', icon: KeyRound },
]

function PlaceLink(props: Place) {
  return (
    <A
      href={props.href}
      class="flex min-h-10 items-center gap-2 rounded-md px-2 whitespace-nowrap hover:bg-sunken max-[800px]:text-sm min-[800px]:min-h-9 min-[800px]:px-3 pointer-coarse:min-h-10"
      activeClass="bg-sunken font-medium text-accent"
      inactiveClass="text-ink"
    >
      <props.icon size={16} class="max-[800px]:hidden" aria-hidden="true" />
      {props.name}
    </A>
  )
}

/** The way around; a bar on top when the window is narrow. */
export function Sidebar(props: { organization: Organization | undefined }) {
  const [leaving, setLeaving] = createSignal(false)
  return (
    <header class="flex flex-wrap items-center justify-between gap-x-2 border-b border-line bg-raised px-2 pt-1 min-[800px]:sticky min-[800px]:top-0 min-[800px]:h-dvh min-[800px]:flex-col min-[800px]:flex-nowrap min-[800px]:items-stretch min-[800px]:overflow-y-auto min-[800px]:border-r min-[800px]:border-b-0 min-[800px]:p-3">
      <div
        class="min-h-6 min-w-0 flex-1 truncate px-2 font-semibold min-[800px]:mb-3 min-[800px]:line-clamp-2 min-[800px]:flex-none min-[800px]:px-3 min-[800px]:pt-1 min-[800px]:text-lg min-[800px]:whitespace-normal"
        title={props.organization?.name}
      >
        {props.organization?.name}
      </div>
      <nav
        aria-label="Main"
        class="order-last flex w-full flex-wrap gap-x-0.5 min-[800px]:order-none min-[800px]:flex-1 min-[800px]:flex-col min-[800px]:flex-nowrap min-[800px]:gap-0.5"
      >
        <PlaceLink href="/projects" name="Projects" icon={Boxes} />
        <PlaceLink href="/deployments" name="Deployments" icon={Rocket} />
        <PlaceLink href="/audit" name="Audit" icon={ScrollText} />
        <div class="hidden px-3 pt-4 pb-1 text-sm text-quiet min-[800px]:block">Settings</div>
        <For each={settings}>{(place) => <PlaceLink {...place} />}</For>
      </nav>
      <div class="flex items-center min-[800px]:border-t min-[800px]:border-line min-[800px]:pt-3 min-[800px]:pl-3">
        <Show when={props.organization?.you} fallback={<div class="h-10 flex-1" />}>
          {(you) => (
            <div class="hidden min-w-0 flex-1 min-[800px]:block" title={`${you().name}, ${you().email}`}>
              <div class="truncate font-medium">{you().name}</div>
              <div class="truncate text-sm text-quiet">{you().email}</div>
            </div>
          )}
        </Show>
        <ThemeChoice />
        <button
          type="button"
          aria-label="Sign out"
          title="Sign out"
          disabled={leaving()}
          class="inline-flex size-10 shrink-0 items-center justify-center rounded-md hover:bg-sunken"
          onClick={() => {
            setLeaving(true)
            signOut().catch(() => setLeaving(false))
          }}
        >
          <LogOut size={16} aria-hidden="true" />
        </button>
      </div>
    </header>
  )
}
