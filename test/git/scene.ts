import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GitHost, startGitHost } from './git-host.ts'
import { RawRepository } from './raw-repository.ts'

/** A git server, with a folder for mirrors of its repositories. */
export interface Scene extends AsyncDisposable {
  readonly host: GitHost
  readonly folder: string
  /** A repository that is served, and an empty place for its mirror. */
  served(how?: { old?: boolean }): Promise<Served>
}

/** A repository with what a fetch of it needs. */
export interface Served extends AsyncDisposable {
  readonly repository: RawRepository
  readonly asked: {
    readonly url: string
    readonly username: string
    readonly password: string
    readonly mirror: string
  }
}

/** Starts the server. */
export async function startScene(password: string): Promise<Scene> {
  const host = await startGitHost(password)
  const folder = await mkdtemp(join(tmpdir(), 'mirrors-'))
  let names = 0
  return {
    ...{ host, folder },
    async served(how = {}) {
      names += 1
      const repository = await RawRepository.create()
      const url = host.serve(`acme/r${names}`, { path: repository.path, ...how })
      const asked = { url, username: 'x-access-token', password, mirror: join(folder, `m${names}`) }
      return { repository, asked, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() }
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
