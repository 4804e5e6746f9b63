import { useNavigate } from '@solidjs/router'
import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import { Modal } from '../ui/modal.tsx'

const keys = [
  ['/', 'Search'],
  ['n', 'New'],
  ['g p', 'Go to Projects'],
  ['g d', 'Go to Deployments'],
  ['g c', 'Go to Git Connections'],
  ['g a', 'Go to Audit'],
  ['?', 'Show these keys'],
] as const

/** Where the keys after `g` lead. */
const places = new Map([
  ['p', '/projects'],
  ['d', '/deployments'],
  ['c', '/settings/git-connections'],
  ['a', '/audit'],
])

/** Presses the page's new button, or goes to where something new is named. */
function begin(): void {
  const start = document.querySelector<HTMLElement>('[data-new]')
  if (start instanceof HTMLInputElement) start.focus()
  else start?.click()
}

/** The keyboard's ways through the page. A page marks its search with data-search and its new button with data-new. */
export function Shortcuts() {
  const navigate = useNavigate()
  const [shown, setShown] = createSignal(false)
  let wentAt = 0

  const onKey = (event: KeyboardEvent) => {
    const { target } = event
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog:modal')) return
    if (target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')) return
    const afterG = event.timeStamp - wentAt < 1_500 && wentAt > 0
    wentAt = event.key === 'g' ? event.timeStamp : 0
    const place = afterG ? places.get(event.key) : undefined
    if (place) navigate(place)
    else if (event.key === '/') document.querySelector<HTMLElement>('[data-search]')?.focus()
    else if (event.key === 'n') begin()
    else if (event.key === '?') setShown(true)
    else return
    event.preventDefault()
  }
  onMount(() => {
    addEventListener('keydown', onKey)
    onCleanup(() => removeEventListener('keydown', onKey))
  })

  return (
    <Show when={shown()}>
      <Modal title="Keys" onClose={() => setShown(false)}>
        <dl class="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
          <For each={keys}>
            {([key, meaning]) => (
              <>
                <dt>
                  <kbd class="rounded-md border border-line bg-sunken px-2 py-0.5 font-mono text-sm">{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </>
            )}
          </For>
        </dl>
      </Modal>
    </Show>
  )
}
