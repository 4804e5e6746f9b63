import { expect, test } from 'vitest'
import { compareWithPython } from './testing.ts'

const COMPARED = 50_000

test('fifty thousand texts are taken as Python takes them', async ({ skip }) => {
  const seed = Date.now() | 0
  const compared = await compareWithPython(COMPARED, seed)
  if ('absent' in compared) return skip(compared.absent)
  process.stdout.write(`${compared.compared} texts compared with Python, ${compared.read} of them read, seed ${seed}\n`)
  expect(compared.different.slice(0, 10), `seed ${seed}`).toEqual([])
})
