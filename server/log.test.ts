import { describe, expect, test } from 'vitest'
import { createLog } from './log.ts'

function written(log: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  log(createLog('trace', (line) => lines.push(line)))
  return lines.join('')
}

const random = '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3'

describe('a line of the log', () => {
  test.each([
    `ghp_${random}`,
    `github_pat_${random}_${random}`,
    `glpat-${random}`,
    `acme-glpat-${random}`,
    `gldt-${random.slice(0, 20)}`,
    `https://oauth2:${random}@git.example.com/a.git`,
    `postgres://app:${random}@db:5432/app`,
    `Authorization: Bearer ${random}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${random}\n${random}\n-----END RSA PRIVATE KEY-----`,
  ])('holds no token, wherever it stood: %s', (text) => {
    const error = new Error(`connect failed ${text}, sorry`, { cause: new Error(text) })
    const lines = written((log) => {
      log.error({ err: error, path: text, deep: { list: [text] } }, `it failed: ${text}`)
      log.trace(text)
    })
    expect(lines).not.toContain(random.slice(0, 12))
    expect(lines).toContain('[secret]')
    expect(lines).toContain('sorry')
    for (const line of lines.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
  })

  test('holds no field that is named after a secret', () => {
    expect(written((log) => log.info({ password: random, request: { authorization: random } }, 'x'))).not.toContain(
      random,
    )
  })

  test('is one line, and nothing in it moves a cursor or turns a text around', () => {
    const hostile = ['\r\n{"level":60}', '\u001b[2J', '\u009b2J', '\u2028', '\u202e', '\u200b', '\u{e0001}', '\u007f']
    const lines = written((log) => log.warn({ text: hostile }, hostile.join('')))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(lines).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e\u200b]*\n$/)
    expect(JSON.parse(lines)).toMatchObject({ text: hostile, msg: hostile.join('') })
  })

  test('leaves ordinary text as it is', () => {
    const text =
      'The global-settings-of-the-house at http://localhost:3000/a?b=c@d, ghp_ or github_pat_, Bearer of news'
    expect(JSON.parse(written((log) => log.info(text))).msg).toBe(text)
  })
})
