import { lazyDialog } from '../ui/lazy-dialog.tsx'

/** The dialogs about connections; none of them is a part of what a page loads first. */
export const AddDialog = lazyDialog(() => import('./add-dialog.tsx'))
export const EditDialog = lazyDialog(() => import('./edit-dialog.tsx'))
export const DeleteDialog = lazyDialog(() => import('./delete-dialog.tsx'))
export const DisableDialog = lazyDialog(() => import('./disable-dialog.tsx'))
export const ReconnectDialog = lazyDialog(() => import('./reconnect-dialog.tsx'))
