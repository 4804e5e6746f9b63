import LoaderCircle from 'lucide-solid/icons/loader-circle'
import { type JSX, Show, splitProps } from 'solid-js'

const looks = {
  primary: 'bg-accent text-on-accent border-transparent font-medium hover:opacity-90',
  plain: 'hover:border-quiet',
  danger: 'border-bad text-bad font-medium hover:border-ink',
  bare: 'border-transparent! bg-transparent! hover:text-accent',
} as const

type Props = JSX.ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: keyof typeof looks
  /** Shows that its work is under way, and takes no second click. */
  working?: boolean
}

/** A button; unless told otherwise it does not submit the form around it. */
export function Button(props: Props) {
  const [own, rest] = splitProps(props, ['look', 'working', 'class', 'children', 'disabled'])
  return (
    <button
      type="button"
      {...rest}
      disabled={own.disabled || own.working}
      aria-busy={own.working || undefined}
      class={`control inline-flex items-center justify-center gap-2 disabled:opacity-55 ${looks[own.look ?? 'plain']} ${own.class ?? ''}`}
    >
      <Show when={own.working}>
        <LoaderCircle size={16} class="turning" aria-hidden="true" />
      </Show>
      {own.children}
    </button>
  )
}
