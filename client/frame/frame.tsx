import { Navigate, type RouteSectionProps } from '@solidjs/router'
import { createEffect, ErrorBoundary, Match, Suspense, Switch } from 'solid-js'
import { api, ask, refusal } from '../api.ts'
import { startLive } from '../live.ts'
import { LiveRegion } from '../ui/announce.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { LiveLine } from './live-line.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { Sidebar } from './sidebar.tsx'

/** What stands around every page of a signed-in person. */
export function Frame(props: RouteSectionProps) {
  const organization = useAnswer(() => ask('organization.get', api.organization.get, undefined))
  const signedOut = () => refusal(organization.error)?.code === 'UNAUTHORIZED'
  createEffect(() => {
    const known = organization.data
    if (known) startLive(`${known.you.userId}@${known.id}`)
  })
  const next = () => encodeURIComponent(props.location.pathname + props.location.search)
  return (
    <Switch>
      <Match when={signedOut()}>
        <Navigate href={`/sign-in?next=${next()}`} />
      </Match>
      <Match when={true}>
        <LiveLine />
        <div class="min-h-screen min-[800px]:grid min-[800px]:grid-cols-[232px_minmax(0,1fr)]">
          <a href="#content" class="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-3">
            Skip to the content
          </a>
          <Sidebar organization={organization.data} />
          <main
            id="content"
            tabindex="-1"
            class="mx-auto w-full max-w-[1168px] min-w-0 p-4 outline-none min-[800px]:p-6"
          >
            <Trouble error={organization.data ? null : organization.error} onRetry={organization.refetch} />
            {/* The code of a page comes when it is opened: after an update of the server an old one may be gone. */}
            <ErrorBoundary fallback={(error) => <Trouble error={error} onRetry={() => location.reload()} />}>
              <Suspense fallback={<div class="skeleton h-8 w-64" />}>{props.children}</Suspense>
            </ErrorBoundary>
          </main>
        </div>
        <Shortcuts />
        <LiveRegion />
      </Match>
    </Switch>
  )
}
