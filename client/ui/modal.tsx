import X from 'lucide-solid/icons/x'
import { createUniqueId, type JSX, onCleanup, onMount } from 'solid-js'
import { Portal } from 'solid-js/web'

/**
 * A dialog, a full page on phones. Mount it to open it; what carries `data-first` in it gets the focus, which returns to
 * where it came from.
 */
export function Modal(props: { title: string; children: JSX.Element; onClose: () => void; wide?: boolean }) {
  const id = createUniqueId()
  const opener = document.activeElement
  const open = (dialog: HTMLDialogElement) => {
    onMount(() => {
      dialog.showModal()
      dialog.querySelector<HTMLElement>('[data-first]')?.focus()
    })
    onCleanup(() => {
      dialog.close()
      queueMicrotask(() => giveFocusBack(opener))
    })
  }
  return (
    <Portal>
      <dialog
        ref={open}
        aria-labelledby={id}
        class="m-0 h-dvh max-h-dvh w-full max-w-none overflow-y-auto overscroll-contain bg-raised p-4 text-ink sm:mx-auto sm:my-8 sm:h-fit sm:max-h-[calc(100dvh-4rem)] sm:rounded-md sm:border sm:border-line sm:p-5 sm:shadow-xl"
        classList={{ 'sm:max-w-3xl': props.wide ?? false, 'sm:max-w-lg': !props.wide }}
        onCancel={(event) => {
          event.preventDefault()
          props.onClose()
        }}
      >
        <div class="mb-4 flex items-start justify-between gap-4">
          <h2 id={id} class="min-w-0 text-lg font-semibold">
            {props.title}
          </h2>
          <button
            type="button"
            class="-m-2 inline-flex size-10 shrink-0 items-center justify-center rounded-md hover:bg-sunken"
            aria-label="Close"
            onClick={() => props.onClose()}
          >
            <X size={18} aria-hidden="true" />
          </button>
        </div>
        {props.children}
      </dialog>
    </Portal>
  )
}

/** Where the opener is gone, such as the card of what was deleted, the page's content takes the focus. */
function giveFocusBack(opener: Element | null): void {
  if (document.querySelector('dialog:modal')) return
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
  if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true })
}
