import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFetchCommit, type Want } from '../../server/git/fetch-commit.ts'
import { createLsRemote } from '../../server/git/ls-remote.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'

let folder: string
let server: Server
let origin: string

/** A git that writes down what it is called with. */
const RECORDER = `#!/bin/sh
[ "$1" = version ] && { echo git version 2.39.5; exit; }
{ printf '%s\\0' "$@"; printf '\\0'; } >> "$(dirname "$0")/calls"
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'injection-'))
  await writeFile(join(folder, 'git'), RECORDER)
  await chmod(join(folder, 'git'), 0o755)
  await writeFile(join(folder, 'calls'), '')
  // An answer that settles nothing sends every question on to git.
  server = createServer((_, response) => response.writeHead(400).end())
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the test server has no port')
  origin = `http://127.0.0.1:${address.port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const PAYLOADS = [
  ...[
    '--upload-pack=touch /tmp/x',
    '--upload-pack=touch',
    '-u./x',
    '-oProxyCommand=x',
    '--exec=x',
    '--output=/tmp/x',
    '-c',
  ],
  ...[
    '--',
    '-',
    '--all',
    '--config=core.sshCommand=x',
    '-C/',
    '--git-dir=/',
    'ext::sh -c x',
    '$(touch x)',
    '`x`',
    ';x',
    '|x',
  ],
  ...[
    '&x',
    '\n--upload-pack=x',
    '\r\n-x',
    '\0-x',
    'a\nb',
    '\t-x',
    ' -x',
    'x -y',
    "'",
    '"',
    '\\',
    '*',
    'a:b',
    '+a:refs/heads/b',
  ],
  ...[
    '^a',
    'a..b',
    '@{-1}',
    '@',
    'HEAD',
    'refs/heads/x',
    '../x',
    '/x',
    '~',
    'a~1',
    'a^{tree}',
    ':/x',
    '!x',
    '#x',
    '%0a',
    '$' + '{IFS}x',
  ],
]
const BRANCHES = [
  ...PAYLOADS,
  ...PAYLOADS.map((payload) => `a${payload}`),
  ...PAYLOADS.map((payload) => `${payload}/b`),
]
const ADDRESSES = (place: string) => [
  ...PAYLOADS,
  ...PAYLOADS.map((payload) => `${place}/${payload}`),
  ...PAYLOADS.map((payload) => `${place}${payload}/a.git`),
  ...PAYLOADS.map((payload) => `http://${payload}@127.0.0.1/a.git`),
]

/** Each call of the recorder: its words. */
async function calls(): Promise<string[][]> {
  const text = await readFile(join(folder, 'calls'), 'utf8')
  return text
    .split('\0\0')
    .filter((call) => call !== '')
    .map((call) => call.split('\0'))
}

test('no name of a branch and no address becomes an option or another word of git', async () => {
  const options = { trustedHosts: parseTrustedHosts('127.0.0.1'), path: `${folder}:/usr/bin:/bin` }
  const fetchCommit = createFetchCommit(options)
  const lsRemote = createLsRemote(options)
  const asked = { username: 'x', password: 'x', mirror: join(folder, 'mirror') }
  const fetchOf = (url: string, want: Want) => fetchCommit({ ...asked, url, want })
  const addresses = ADDRESSES(origin)
  for (const branch of BRANCHES) await fetchOf(`${origin}/a.git`, { branch })
  for (const url of addresses) await fetchOf(url, { branch: 'main' })
  for (const commit of PAYLOADS) await fetchOf(`${origin}/a.git`, { commit, branch: 'main' })
  for (const url of addresses.slice(0, 80)) await lsRemote({ url, username: 'x', password: 'x' })
  const made = await calls()
  const fetches = made.filter((words) => words.includes('fetch'))
  for (const words of made) {
    const settings = words.findIndex((word, at) => at % 2 === 0 && word !== '-c')
    const rest = words.slice(settings)
    expect(rest[0]).toMatch(/^(--git-dir=\/|init$|ls-remote$)/)
    const end = rest.indexOf('--')
    if (rest.includes('fetch')) {
      const [url = '', refspec = '', ...more] = rest.slice(end + 1)
      expect(
        rest.slice(0, end).filter((word) => !/^(fetch|--(git-dir=|progress|no-[a-z-]+$|depth=\d+$).*)$/.test(word)),
      ).toEqual([])
      expect(url.startsWith('http://127.0.0.1')).toBe(true)
      expect(url).not.toMatch(/\s/)
      expect(refspec).toMatch(/^\+refs\/heads\/[^\s:*]+:refs\/fetched\/branch-[0-9a-f]{40}$/)
      expect(more).toEqual([])
    }
    if (rest[0] === 'ls-remote') {
      expect(rest[1]).toBe('--')
      expect(rest[2]).toMatch(/^http:\/\/127\.0\.0\.1\S*$/)
      expect(rest).toHaveLength(4)
    }
  }
  const tried = BRANCHES.length + addresses.length + PAYLOADS.length
  expect(tried).toBeGreaterThanOrEqual(200)
  // Some are harmless and go through; without any, nothing would have been looked at.
  expect(fetches.length).toBeGreaterThan(50)
  process.stdout.write(`names and addresses: ${tried} tried, ${fetches.length} of them reached git, as one word each\n`)
}, 120_000)
