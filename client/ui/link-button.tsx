import { A } from '@solidjs/router'
import type { JSX } from 'solid-js'

/** A way to another page that looks like the button it stands among. */
export function LinkButton(props: {
  href: string
  look?: 'primary' | 'plain'
  /** The page's new button, for the key `n`. */
  isNew?: boolean
  children: JSX.Element
}) {
  return (
    <A
      href={props.href}
      data-new={props.isNew ? '' : undefined}
      class="control inline-flex items-center gap-2 whitespace-nowrap"
      classList={{
        'border-transparent! bg-accent! font-medium text-on-accent hover:opacity-90': props.look === 'primary',
        'hover:border-quiet': props.look !== 'primary',
      }}
    >
      {props.children}
    </A>
  )
}
