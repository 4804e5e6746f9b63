import { A } from '@solidjs/router'
import { createEffect, type JSX, Show } from 'solid-js'

/** The top of a page: its title (the window's too), one quiet sentence, its actions, and what it is a part of. */
export function PageHead(props: {
  title: string
  children?: JSX.Element
  actions?: JSX.Element
  partOf?: { href: string; name: string }
}) {
  createEffect(() => {
    document.title = `${props.title} · Git Connections`
  })
  return (
    <header class="mb-5 flex flex-wrap items-start justify-between gap-3">
      <div class="min-w-0">
        <Show when={props.partOf}>
          {(whole) => (
            <A
              href={whole().href}
              class="inline-flex items-center text-sm text-quiet hover:text-accent hover:underline pointer-coarse:min-h-10"
            >
              {whole().name}
            </A>
          )}
        </Show>
        <h1 class="text-xl font-semibold">{props.title}</h1>
        <div class="text-quiet">{props.children}</div>
      </div>
      <div class="flex flex-wrap items-center gap-2 empty:hidden">{props.actions}</div>
    </header>
  )
}
