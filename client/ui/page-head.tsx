import { createEffect, type JSX } from 'solid-js'

/** The top of a page: its title (the window's too), one quiet sentence, its actions. */
export function PageHead(props: { title: string; children?: JSX.Element; actions?: JSX.Element }) {
  createEffect(() => {
    document.title = `${props.title} · Git Connections`
  })
  return (
    <header class="mb-5 flex flex-wrap items-start justify-between gap-3">
      <div class="min-w-0">
        <h1 class="text-xl font-semibold">{props.title}</h1>
        <div class="text-quiet">{props.children}</div>
      </div>
      <div class="flex flex-wrap items-center gap-2">{props.actions}</div>
    </header>
  )
}
