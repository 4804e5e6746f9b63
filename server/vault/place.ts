/** The one place where a sealed value belongs; it opens nowhere else. */
export interface Place {
  readonly organizationId: string
  /** What it belongs to: a connection, an OAuth application of the organization, or a sign-in that is not settled. */
  readonly connectionId: string
  readonly field: 'token' | 'accessToken' | 'refreshToken' | 'privateKey' | 'clientSecret' | 'installation'
  readonly version: number
}
