import { Dialog } from '@kobalte/core/dialog'
import X from 'lucide-solid/icons/x'
import { type JSX, onCleanup, onMount } from 'solid-js'

/** A dialog, a full page on phones. Mount it to open it; the focus returns to where it came from. */
export function Modal(props: { title: string; children: JSX.Element; onClose: () => void; wide?: boolean }) {
  const opener = document.activeElement
  onMount(() =>
    onCleanup(() => {
      if (opener instanceof HTMLElement) queueMicrotask(() => opener.focus())
    }),
  )
  return (
    <Dialog open onOpenChange={(open) => open || props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="fixed inset-0 z-40 bg-black/50" />
        <div class="fixed inset-0 z-50 flex items-start justify-center overflow-y-auto sm:p-8">
          <Dialog.Content
            class="min-h-full w-full bg-raised p-5 sm:min-h-0 sm:rounded-md sm:border sm:border-line sm:shadow-xl"
            classList={{ 'sm:max-w-3xl': props.wide ?? false, 'sm:max-w-lg': !props.wide }}
          >
            <div class="mb-4 flex items-start justify-between gap-4">
              <Dialog.Title class="text-lg font-semibold">{props.title}</Dialog.Title>
              <Dialog.CloseButton
                class="-m-2 inline-flex size-10 items-center justify-center rounded-md"
                aria-label="Close"
              >
                <X size={18} aria-hidden="true" />
              </Dialog.CloseButton>
            </div>
            {props.children}
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  )
}
