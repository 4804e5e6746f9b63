import { describe, expect, test } from 'vitest'
import { findAccount } from '../database/system-account.ts'
import { installAccount } from './install-account.ts'

const none = { user: undefined, runAs: undefined, sameUserAllowed: false }
const SERVER = 1000
const isRoot = process.getuid?.() === 0

describe('whom the code of repositories runs as', () => {
  test('is refused for a server that is not root, with the settings that help', async () => {
    const choice = await installAccount(none, SERVER)
    expect(choice).toMatchObject({
      is: 'refused',
      sentence: expect.stringMatching(/ODOO_RUN_AS.*ODOO_SAME_USER=allow/),
    })
  })
  test('is the server itself only where that was allowed', async () => {
    expect(await installAccount({ ...none, sameUserAllowed: true }, SERVER)).toEqual({ is: 'same' })
  })
  test('is whom the prefix becomes, before the allowance counts', async () => {
    const runAs = ['sh', '-c', 'echo 4711', '--'] as const
    const choice = await installAccount({ ...none, runAs, sameUserAllowed: true }, SERVER)
    expect(choice).toEqual({ is: 'prefixed', prefix: runAs, uid: 4711 })
  })
  for (const [what, runAs] of [
    ['does not change the user', ['sh', '-c', `echo ${SERVER}`, '--']],
    ['becomes root', ['sh', '-c', 'echo 0', '--']],
    ['asks for a password', ['sh', '-c', 'echo "a password is required" >&2; exit 1', '--']],
    ['is not there', ['/nonexistent/sudo']],
  ] as const) {
    test(`is refused where the prefix ${what}`, async () => {
      const choice = await installAccount({ ...none, runAs, sameUserAllowed: true }, SERVER)
      expect(choice).toMatchObject({ is: 'refused', sentence: expect.stringContaining('ODOO_RUN_AS') })
    })
  }
})

// Only root may make accounts and become them.
describe.runIf(isRoot)('whom the code of repositories runs as, for a server of root', () => {
  test('is a system account, made where it is missing', async () => {
    const choice = await installAccount(none)
    const account = await findAccount('git-connections-odoo')
    expect(account?.uid).toBeGreaterThan(0)
    expect(choice).toEqual({ is: 'dropped', account })
  })
  test('is never the server, even where that was allowed', async () => {
    expect(await installAccount({ ...none, sameUserAllowed: true })).toMatchObject({ is: 'dropped' })
  })
  for (const user of ['root', 'postgres', '-o', 'a b', '0']) {
    test(`is never "${user}"`, async () => {
      const choice = await installAccount({ ...none, user })
      expect(choice).toMatchObject({ is: 'refused', sentence: expect.stringContaining('ODOO_USER') })
    })
  }
})
