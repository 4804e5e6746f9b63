import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readKeyring } from './keyring.ts'
import { SealBroken, seal, unseal } from './seal.ts'

const here = { organizationId: 'o1', connectionId: 'c1', field: 'token', version: 1 } as const
const elsewhere = {
  'another organization': { ...here, organizationId: 'o2' },
  'another connection': { ...here, connectionId: 'c2' },
  'another version': { ...here, version: 2 },
  'a place whose parts run together to the same text': { ...here, organizationId: 'o1c', connectionId: '1' },
}

describe('a sealed credential moved, everything else alike,', () => {
  for (const [where, place] of Object.entries(elsewhere)) {
    test(`to ${where} does not open`, async () => {
      const masterKeys = randomBytes(32).toString('base64')
      const keys = await readKeyring({ masterKeys, dataDir: '/nowhere' })
      expect(() => unseal(keys.current, place, seal(keys, here, 'canary'))).toThrow(SealBroken)
    })
  }
})
