import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runGit } from './run-git.ts'

type Files = Readonly<Record<string, string>>

/** What the store must know of a provider's repository to make its git side. */
export type StoredRepository = {
  readonly id: number
  readonly defaultBranch: string
  readonly files: Files
  readonly branches?: readonly DeclaredBranch[] | undefined
  readonly empty: boolean
  readonly createdAt: Date
}
type DeclaredBranch = { name: string; protected: boolean; committedAt?: Date | undefined; files?: Files | undefined }

/** A branch as git has it. */
export type Branch = {
  readonly name: string
  readonly sha: string
  readonly tree: string
  readonly message: string
  readonly committedAt: Date
  readonly protected: boolean
}

/** A commit as a test declares it. */
export type Commit = { branch: string; files: Files; submodules?: Files; message: string; at: Date }

/**
 * Real bare repositories, made when first asked for, so that what the API says of branches is what git serves.
 * They are kept by id: a rename moves nothing.
 */
export class GitStore {
  #folder: Promise<string> | null = null
  readonly #made = new Map<number, Promise<string>>()

  /** The folder that holds every bare repository as `<id>.git`. */
  folder(): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'simulated-git-'))
    return this.#folder
  }

  /** The path of the bare repository, which exists when the promise settles. */
  ensure(repository: StoredRepository): Promise<string> {
    const known = this.#made.get(repository.id)
    if (known) return known
    const made = this.#make(repository)
    this.#made.set(repository.id, made)
    return made
  }

  async branches(repository: StoredRepository): Promise<readonly Branch[]> {
    const cwd = await this.ensure(repository)
    const format = ['refname:lstrip=2', 'objectname', 'tree', 'committerdate:unix', 'contents:subject'].map(
      (f) => `%(${f})`,
    )
    const printed = await runGit(['for-each-ref', `--format=${format.join('%09')}`, 'refs/heads'], { cwd })
    return printed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [name = '', sha = '', tree = '', seconds = '', ...message] = line.split('\t')
        const declared = repository.branches?.find((branch) => branch.name === name)
        const committedAt = new Date(Number(seconds) * 1000)
        return { name, sha, tree, message: message.join('\t'), committedAt, protected: declared?.protected ?? false }
      })
  }

  /** Adds a commit to a branch, which is made where it is missing; gives its id. */
  async commit(repository: StoredRepository, commit: Commit): Promise<string> {
    const cwd = await this.ensure(repository)
    const branch = `refs/heads/${commit.branch}`
    const refs = await runGit(['for-each-ref', '--format=%(refname)', branch], { cwd })
    await runGit(['fast-import', '--quiet'], { cwd, input: importOf(commit, refs.trim() === branch) })
    return (await runGit(['rev-parse', branch], { cwd })).trim()
  }

  /** Forgets every repository; those that a caller still reads vanish under it. */
  async clear(): Promise<void> {
    const folder = this.#folder
    this.#folder = null
    const made = [...this.#made.values()]
    this.#made.clear()
    await Promise.allSettled(made)
    if (folder) await rm(await folder, { recursive: true, force: true })
  }

  async #make(repository: StoredRepository): Promise<string> {
    const folder = await this.folder()
    const path = join(folder, `${repository.id}.git`)
    await runGit(['init', '--quiet', '--bare', `--initial-branch=${repository.defaultBranch}`, path], { cwd: folder })
    if (repository.empty) return path
    const branches: readonly DeclaredBranch[] = repository.branches ?? [
      { name: repository.defaultBranch, protected: false },
    ]
    const input = branches.map(({ name, files, committedAt }) => {
      const at = committedAt ?? repository.createdAt
      return importOf({ branch: name, files: files ?? repository.files, message: `Begin ${name}`, at }, false)
    })
    await runGit(['fast-import', '--quiet'], { cwd: path, input: input.join('') })
    return path
  }
}

function importOf({ branch, files, submodules = {}, message, at }: Commit, onTop: boolean): string {
  const ref = `refs/heads/${branch}`
  const seconds = Math.floor(at.getTime() / 1000)
  const changes = Object.entries(files).map(
    ([path, content]) => `M 100644 inline ${JSON.stringify(path)}\n${data(content)}`,
  )
  return [
    `commit ${ref}\n`,
    `committer Sample Author <author@example.com> ${seconds} +0000\n`,
    data(message),
    onTop ? `from ${ref}^0\n` : '',
    ...changes,
    ...Object.entries(submodules).map(([path, sha]) => `M 160000 ${sha} ${JSON.stringify(path)}\n`),
    '\n',
  ].join('')
}

function data(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}\n`
}
