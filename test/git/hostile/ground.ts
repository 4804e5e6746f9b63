import { spawn } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describeCommit } from '../../../server/git/describe-commit.ts'
import { createFetchCommit, type FetchRequest } from '../../../server/git/fetch-commit.ts'
import { readSources } from '../../../server/git/read-sources.ts'
import { writeRelease } from '../../../server/git/write-release.ts'
import { parseTrustedHosts } from '../../../server/providers/transport/trusted-hosts.ts'
import { type GitHost, startGitHost } from '../git-host.ts'
import { RawRepository } from '../raw-repository.ts'

const TOKEN = 'canary-token-hostile-0815'
const OUTSIDE = 'canary-of-the-outside'
const DEADLINE_MS = 20_000

/** A place where hostile repositories are deployed, with traps around it. */
export interface Ground extends AsyncDisposable {
  readonly host: GitHost
  /** Another git server, which must not hear of us. */
  readonly elsewhere: GitHost
  /** A file outside of every mirror and release; it holds a canary. */
  readonly secret: string
  /** A bare repository outside, whose only file holds the canary. */
  readonly secretRepository: string
  /** A shell command that leaves a marker. */
  readonly payload: string
  readonly folder: string
  /** Serves the repository and takes it from the fetch to the written release; gives all that was told. */
  deploy(repository: RawRepository, options?: DeployOptions): Promise<Deployed>
  /** What is wrong after it: markers, things read or written outside, the token where it must not be. */
  harm(deployed: Deployed): Promise<string[]>
  /** Clones as git does by itself; gives the folder, the paths of which may lead anywhere. */
  plainClone(url: string, options?: CloneOptions): Promise<string>
  markers(): Promise<string[]>
}

/** How a hostile repository is served and fetched. */
export type DeployOptions = Partial<Pick<FetchRequest, 'checkObjects' | 'limits' | 'want' | 'signal'>> & {
  url?: string
  releaseBytes?: number
  mostEntries?: number
}

/** How git is run by itself; `bare` keeps the credential out of the address. */
export type CloneOptions = { args?: readonly string[]; env?: Record<string, string>; bare?: boolean }

/** What a deployment told, and what it left. */
export type Deployed = {
  readonly told: string
  readonly url: string
  readonly mirrors: string
  readonly releases: string
}

/** Lays the ground. */
export async function layGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'))
  const at = (name: string) => join(folder, name)
  await Promise.all(['markers', 'outside', 'clones'].map((name) => mkdir(at(name))))
  const secret = at('outside/secret')
  await writeFile(secret, OUTSIDE)
  const host = await startGitHost(TOKEN)
  const elsewhere = await startGitHost(TOKEN)
  const hidden = await RawRepository.create()
  await hidden.put({ 'secret.txt': OUTSIDE })
  const before = await listed(at('outside'))
  const markers = () => readdir(at('markers'))
  const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
  let count = 0

  async function deploy(repository: RawRepository, options: DeployOptions = {}): Promise<Deployed> {
    count += 1
    const url = options.url ?? host.serve(`hostile/r${count}`, { path: repository.path })
    const place = { url, mirrors: at(`mirrors-${count}`), releases: at(`releases-${count}`) }
    await Promise.all([mkdir(place.mirrors), mkdir(place.releases)])
    const told: unknown[] = []
    const tell = (outcome: unknown) => void told.push(outcome)
    const asked = { username: 'x', password: TOKEN, limits: { deadlineMs: DEADLINE_MS }, ...options }
    const fetched = await fetchCommit({
      want: { branch: 'main' },
      ...asked,
      url,
      mirror: join(place.mirrors, '0'),
      onProgress: tell,
    })
    tell(fetched)
    if (fetched.kind === 'fetched') {
      const { commit } = fetched
      const mirror = join(place.mirrors, '0')
      tell(await describeCommit(mirror, commit))
      let submodules = 0
      const sources = await readSources({
        ...{ mirror, commit, url, ...(options.mostEntries === undefined ? {} : { mostEntries: options.mostEntries }) },
        mirrorOf: async (wanted) => {
          submodules += 1
          const inner = join(place.mirrors, String(submodules))
          const got = await fetchCommit({ ...asked, url: wanted.url, mirror: inner, want: { commit: wanted.commit } })
          return got.kind === 'fetched'
            ? { is: 'here', mirror: inner }
            : { is: 'left', why: `was not fetched (${got.kind}).` }
        },
      })
      if (sources.is === 'sources') {
        const limits = { mostFiles: 20_000, mostBytes: options.releaseBytes ?? 20_000_000 }
        tell(await writeRelease({ sources, into: join(place.releases, 'release'), limits }))
      } else tell(sources)
    }
    return { ...place, told: JSON.stringify(told) }
  }

  async function harm({ told, mirrors, releases }: Deployed): Promise<string[]> {
    const found = (await markers()).map((marker) => `code ran: ${marker}`)
    if ((await listed(at('outside'))).join() !== before.join()) found.push('the outside has changed')
    if (elsewhere.requests.length > 0) found.push('another host was asked')
    const beside = (await readdir(releases)).filter((name) => name !== 'release')
    if (beside.length > 0) found.push(`left beside the release: ${beside}`)
    for (const path of await listed(releases)) {
      const entry = await lstat(path)
      if (entry.isSymbolicLink()) {
        const end = await realpath(path).catch(() => null)
        if (end !== null && !end.startsWith(await realpath(releases))) found.push(`${path} leads to ${end}`)
      } else if (entry.isFile() && entry.size < 1_000_000 && (await readFile(path)).includes(OUTSIDE)) {
        found.push(`${path} holds what is outside`)
      }
    }
    for (const path of [...(await listed(mirrors)), ...(await listed(releases))]) {
      const entry = await lstat(path)
      if (entry.isFile() && entry.size < 1_000_000 && (await readFile(path)).includes(TOKEN))
        found.push(`token in ${path}`)
    }
    if (told.includes(TOKEN) || told.includes(OUTSIDE)) found.push('a secret was told')
    // JSON writes control characters as \u00XX; the release's own lists of paths are made printable too.
    if (/\\u00(0|1|7f|8|9)|\\[nrbf]|[\u202a-\u202e\u200b-\u200f]/.test(told)) found.push('a control character was told')
    return found
  }

  async function plainClone(url: string, { args = [], env = {}, bare = false }: CloneOptions = {}) {
    count += 1
    const into = at(`clones/c${count}`)
    const address = bare ? url : url.replace('://', `://x:${TOKEN}@`)
    const child = spawn('git', [...args, 'clone', '--quiet', '--recurse-submodules', address, into], {
      env: { PATH: process.env.PATH ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await Promise.all([text(child.stderr), new Promise((ended) => child.once('close', ended))])
    return into
  }

  return {
    ...{ host, elsewhere, secret, folder, deploy, harm, plainClone, markers },
    secretRepository: hidden.path,
    payload: `touch ${at('markers')}/ran-$$`,
    async [Symbol.asyncDispose]() {
      await Promise.all([host, elsewhere, hidden].map((part) => part[Symbol.asyncDispose]()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Every path below a folder, links not followed. */
async function listed(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.map(({ name, parentPath }) => join(parentPath, name))
}

/** Takes the markers of a control run away. */
export async function clearMarkers(ground: Ground): Promise<void> {
  for (const name of await ground.markers()) await rm(join(ground.folder, 'markers', name))
}
