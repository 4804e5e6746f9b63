import type { Config } from '../config.ts'
import { type InstallAccount, installAccount } from '../odoo/install-account.ts'
import { StepFailed } from './step-failure.ts'

/**
 * Whom Odoo and the code of repositories run as by the server's settings.
 * @throws {StepFailed} when there is nobody but the server itself.
 */
export async function odooAccount(config: Config): Promise<InstallAccount> {
  const { odooUser: user, odooRunAs: runAs, odooSameUserAllowed: sameUserAllowed } = config
  const account = await installAccount({ user, runAs, sameUserAllowed })
  if (account.is !== 'refused') return account
  const remedy = 'The operator must name that user; then retry.'
  throw new StepFailed({ reason: 'account', message: account.sentence, remedy })
}
