/** The statuses that a check can end in. */
export const checkedStatuses = ['active', 'expired', 'revoked', 'error', 'invalid'] as const
export type CheckedStatus = (typeof checkedStatuses)[number]

/** What people see on a connection; pending means that the provider has not answered yet. */
export const statuses = ['pending', ...checkedStatuses] as const
export type ConnectionStatus = (typeof statuses)[number]

/** The meaning of each status, as people read it. */
export const statusMeaning: Readonly<Record<ConnectionStatus, string>> = {
  active: 'Working normally',
  expired: 'The token needs to be refreshed or renewed',
  revoked: "The token was revoked on the provider's side",
  error: 'Something went wrong, check the credentials',
  invalid: 'The credentials are invalid or malformed',
  pending: 'The connection is being validated',
}
