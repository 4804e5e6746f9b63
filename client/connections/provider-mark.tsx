import type { Provider } from '../api.ts'

/** A provider's initials in a box, where a logo would stand. */
export function ProviderMark(props: { provider: Provider }) {
  return (
    <span
      aria-hidden="true"
      class="inline-flex size-9 shrink-0 items-center justify-center rounded-md border border-line bg-sunken font-mono text-sm font-semibold"
    >
      {props.provider === 'github' ? 'GH' : 'GL'}
    </span>
  )
}
