import { splitName } from './used.ts'

/** A repository's name, its owner quiet before it. */
export function FullName(props: { of: string }) {
  const parts = () => splitName(props.of)
  return (
    <>
      <span class="font-normal text-quiet">{parts().owner}</span>
      <span class="font-semibold">{parts().name}</span>
    </>
  )
}
