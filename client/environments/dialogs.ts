import { lazyDialog } from '../ui/lazy-dialog.tsx'

/** The dialogs about environments; none of them is a part of what a page loads first. */
export const DeleteEnvironmentDialog = lazyDialog(() => import('./delete-environment-dialog.tsx'))
export const BranchDialog = lazyDialog(() => import('./branch-dialog.tsx'))
export const ModulesDialog = lazyDialog(() => import('./modules-dialog.tsx'))
