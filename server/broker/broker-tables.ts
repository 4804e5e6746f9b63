/** The broker's tables as Kysely sees them; their times are the database's own. */
export interface BrokerTables {
  refresh_lease: { organization_id: string; connection_id: string; holder: string; until: Date }
  credential_hold: {
    organization_id: string
    connection_id: string
    id: string
    credential_version: number
    until: Date
  }
}
