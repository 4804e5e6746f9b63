import type { JSX } from 'solid-js'

/** A list of names with what is so about each. */
export function Facts(props: { children: JSX.Element }) {
  return <dl class="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">{props.children}</dl>
}

/** One line of `Facts`. */
export function Fact(props: { name: string; children: JSX.Element }) {
  return (
    <>
      <dt class="text-quiet">{props.name}</dt>
      <dd class="min-w-0">{props.children}</dd>
    </>
  )
}
