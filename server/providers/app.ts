import type { Verdict } from '@git-connections/events'
import type { Finding } from './finding.ts'
import type { Prior } from './provider.ts'

/** One installation of an App, and the key by which we prove to be the App. */
export interface AppCredential {
  /** A number in digits, or the App's client id. */
  readonly appId: string
  /** A number in digits. */
  readonly installationId: string
  /** The private key, PKCS#8. */
  readonly pem: string
}

/** What was pasted or dropped as an App's private key. */
export type KeyReading =
  /** `pem` is PKCS#8; `fingerprint` is the one that the App's settings show beside the key. */
  { is: 'key'; pem: string; fingerprint: string } | { is: 'refused'; message: string }

/** What was typed or pasted to name an App and one installation of it. */
export type AppIdsReading =
  | { is: 'ids'; appId: string; installationId: string }
  | { is: 'refused'; field: 'appId' | 'installationId'; message: string }

/** A token that opens what the installation may read, for an hour at most. */
export interface MintedToken {
  readonly is: 'minted'
  readonly token: string
  readonly expiresAt: Date
  readonly permissions: Readonly<Record<string, string>>
  readonly repositorySelection: 'all' | 'selected'
}

/** What came of asking for a token; a finding where there is none. */
export type Minting = MintedToken | Finding

/** What can be done with an App; GitHub alone has them. */
export interface AppCapability {
  readonly readKey: (paste: string) => KeyReading
  /** Reads both ids for the instance at `baseUrl`; an address that was pasted must be of that instance. */
  readonly readIds: (typed: { appId: string; installationId: string }, baseUrl: string) => AppIdsReading
  /** As `checkToken`, for an installation: its account, its permissions, how many repositories, whether git may clone. */
  readonly check: (
    app: AppCredential,
    instance: { baseUrl: string; prior: Prior; signal?: AbortSignal },
  ) => Promise<Verdict>
  /**
   * Asks for a token that may read contents and metadata, of all the installation's repositories or of some. Nothing is
   * kept here. A fresh token may be refused for seconds: see `withFreshToken`. A finding with the reason
   * `repositoryNotSelected` tells of the repositories that were named, not of the connection.
   */
  readonly mint: (
    app: AppCredential,
    instance: { baseUrl: string; prior: Prior; repositoryIds?: readonly string[]; signal?: AbortSignal },
  ) => Promise<Minting>
}
