import { lazyDialog } from '../ui/lazy-dialog.tsx'

/** Asks before an environment goes back to earlier commits. */
export const RollBackDialog = lazyDialog(() => import('./roll-back-dialog.tsx'))
