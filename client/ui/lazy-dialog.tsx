import { type Component, ErrorBoundary, lazy, Suspense } from 'solid-js'
import { Modal } from './modal.tsx'
import { Trouble } from './trouble.tsx'

/** A dialog whose code is fetched when it is wanted, or a moment before that by `preload`. */
export function lazyDialog<Props extends { onClose: () => void }>(load: () => Promise<{ default: Component<Props> }>) {
  const Dialog = lazy(load)
  const Lazy = (props: Props) => (
    <ErrorBoundary
      fallback={(error) => (
        <Modal title="This could not be loaded" onClose={props.onClose}>
          <Trouble error={error} onRetry={() => location.reload()} />
        </Modal>
      )}
    >
      <Suspense
        fallback={<div role="status" aria-label="Loading" class="fixed inset-x-0 top-0 z-50 h-0.5 bg-accent" />}
      >
        <Dialog {...props} />
      </Suspense>
    </ErrorBoundary>
  )
  return Object.assign(Lazy, { preload: () => void Dialog.preload().catch(() => undefined) })
}
