import { expect, test } from 'vitest'
import { compareWithPython } from './testing.ts'

const COMPARED = 50_000

test('fifty thousand texts are taken as Python takes them', async ({ skip, annotate }) => {
  const seed = Date.now() | 0
  const compared = await compareWithPython(COMPARED, seed)
  if ('absent' in compared) return skip(compared.absent)
  await annotate(`${compared.compared} texts compared, ${compared.read} of them read, seed ${seed}`)
  expect(compared.different.slice(0, 10), `seed ${seed}`).toEqual([])
})
