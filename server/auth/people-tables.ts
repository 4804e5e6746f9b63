import type { Generated } from 'kysely'

/** Those of better-auth's tables that we read or write ourselves. */
export interface PeopleTables {
  user: { id: string; name: string; email: string; createdAt: Generated<Date> }
  session: { id: string; userId: string; activeOrganizationId: string | null }
  account: { id: string; userId: string; providerId: string; password: string | null }
  organization: { id: string; name: string; slug: string; createdAt: Date }
  member: { id: Generated<string>; organizationId: string; userId: string; role: string; createdAt: Date }
  invitation: {
    /** The reference, by which the log names it too; the secret of its link is stored nowhere. */
    id: string
    organizationId: string
    email: string
    role: string | null
    status: string
    expiresAt: Date
    inviterId: string
    createdAt: Generated<Date>
    /** The command that invited; null of before it was kept, and then the link can't be shown again. */
    commandId: string | null
  }
  apikey: {
    id: string
    name: string | null
    start: string | null
    referenceId: string
    enabled: boolean | null
    createdAt: Date
    lastRequest: Date | null
    expiresAt: Date | null
    metadata: string | null
  }
  first_account: { taken: Generated<boolean>; email: string; takenAt: Generated<Date> }
}
