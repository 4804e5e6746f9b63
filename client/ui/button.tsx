import LoaderCircle from 'lucide-solid/icons/loader-circle'
import { type JSX, Show, splitProps } from 'solid-js'

const looks = {
  primary: 'bg-accent! text-on-accent border-transparent! font-medium hover:opacity-90',
  plain: 'hover:border-quiet',
  danger: 'border-bad! text-bad font-medium hover:bg-sunken',
  bare: 'border-transparent! bg-transparent! hover:bg-sunken!',
} as const

type Props = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'onClick'> & {
  onClick?: (event: MouseEvent) => void
  look?: keyof typeof looks
  /** For the rows of a dense list. */
  small?: boolean
  /** Shows that its work is under way, and takes no second click. */
  working?: boolean
}

/** A button; unless told otherwise it does not submit the form around it. */
export function Button(props: Props) {
  const [own, rest] = splitProps(props, ['look', 'working', 'class', 'children', 'small', 'onClick'])
  return (
    <button
      type="button"
      {...rest}
      // A disabled button would lose the focus, and the person at the keyboard their place.
      aria-disabled={own.working || undefined}
      aria-busy={own.working || undefined}
      onClick={(event) => (own.working ? event.preventDefault() : own.onClick?.(event))}
      class={`inline-flex items-center justify-center gap-2 whitespace-nowrap disabled:opacity-55 aria-disabled:opacity-70 ${own.small ? 'control-small' : 'control'} ${looks[own.look ?? 'plain']} ${own.class ?? ''}`}
    >
      <Show when={own.working}>
        <LoaderCircle size={16} class="turning" aria-hidden="true" />
      </Show>
      {own.children}
    </button>
  )
}
