import type { Generated } from 'kysely'

/** The tables of the repository index as Kysely sees them. */
export interface RepositoryTables {
  repository: {
    organization_id: string
    connection_id: string
    /** The provider's own, which a rename or transfer keeps. */
    repository_id: string
    full_name: string
    url: string
    private: boolean
    archived: boolean
    fork: boolean
    default_branch: string | null
    pushed_at: Date | null
    /** The listing that saw it last. */
    run: string
    /** For what somebody named and no list holds: when it was last asked for by itself. Null for what is listed. */
    asked_at: Generated<Date | null>
  }
  /** What a page of the last listing held, for asking whether it still does. */
  repository_page: {
    organization_id: string
    connection_id: string
    page: number
    etag: string
    /** Where the page after it was; null where it was the last. */
    next: string | null
    repository_ids: string[]
  }
  repository_index: {
    organization_id: string
    connection_id: string
    /** The listing that runs, until when it may; by the database's clock. */
    run: string | null
    run_until: Date | null
    /** Pages read by the listing that runs or ran last. */
    pages: Generated<number>
    pages_in_all: number | null
    /** How many the last whole listing found. */
    repositories: Generated<number>
    /** When the last whole listing ended; null before the first. */
    as_of: Date | null
    credential_version: number | null
    /** What the provider left out of the list, and why; null when nothing is known of it. */
    incomplete: string | null
    /** Why the last listing broke off; null when it did not. */
    trouble: string | null
    /** Since when a listing is asked for that has not succeeded yet; by the database's clock. */
    asked_at: Date | null
  }
  branch: {
    organization_id: string
    connection_id: string
    repository_id: string
    name: string
    commit: string
    committed_at: Date | null
  }
  branch_list: { organization_id: string; connection_id: string; repository_id: string; as_of: Date }
}
