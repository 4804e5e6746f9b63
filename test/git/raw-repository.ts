import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { runGit } from '../simulators/git/run-git.ts'

/** An entry of a tree exactly as it is written: mode in octal, any bytes as its name. */
export type RawEntry = { readonly mode: string; readonly name: string | Buffer; readonly object: string }

/** What a commit says beside its tree. */
export type RawCommit = {
  readonly parents?: readonly string[]
  readonly author?: string
  readonly message?: string | Buffer
  readonly headers?: readonly string[]
}

const AUTHOR = 'Sample Author <author@example.com> 1700000000 +0000'

/** A bare repository whose objects are written byte by byte, so that it can hold what git itself would never make. */
export class RawRepository implements AsyncDisposable {
  readonly path: string
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
    this.path = join(folder, 'repository.git')
  }

  static async create(): Promise<RawRepository> {
    const folder = await mkdtemp(join(tmpdir(), 'raw-git-'))
    const repository = new RawRepository(folder)
    await runGit(['init', '--quiet', '--bare', '--initial-branch=main', repository.path], { cwd: folder })
    return repository
  }

  blob(content: string | Buffer): Promise<string> {
    return this.#write('blob', Buffer.from(content))
  }

  /** Writes the entries in the order given. */
  tree(entries: readonly RawEntry[]): Promise<string> {
    const parts = entries.flatMap(({ mode, name, object }) => [
      ...[Buffer.from(`${mode} `), Buffer.from(name), Buffer.from([0]), Buffer.from(object, 'hex')],
    ])
    return this.#write('tree', Buffer.concat(parts))
  }

  commit(tree: string, { parents = [], author = AUTHOR, message = 'Begin\n', headers = [] }: RawCommit = {}) {
    const head = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${author}`]
    const lines = [...head, `committer ${author}`, ...headers, '', '']
    return this.#write('commit', Buffer.concat([Buffer.from(lines.join('\n')), Buffer.from(message)]))
  }

  async branch(name: string, commit: string): Promise<void> {
    const file = join(this.path, 'refs/heads', name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, `${commit}\n`)
  }

  /**
   * Makes a tree of well-formed paths: text for a file, `{ link }`, `{ run }` for an executable one, `{ submodule }` for
   * another repository's commit.
   */
  async files(files: Readonly<Record<string, FileContent>>): Promise<string> {
    const folders = new Map<string, Record<string, FileContent>>()
    const entries: RawEntry[] = []
    for (const [path, content] of Object.entries(files)) {
      const slash = path.indexOf('/')
      if (slash < 0) entries.push(await this.#entry(path, content))
      else {
        const folder = path.slice(0, slash)
        folders.set(folder, { ...folders.get(folder), [path.slice(slash + 1)]: content })
      }
    }
    for (const [name, inner] of folders) entries.push({ mode: '40000', name, object: await this.files(inner) })
    const key = ({ mode, name }: RawEntry) => Buffer.from(`${name}${mode === '40000' ? '/' : ''}`)
    return this.tree(entries.sort((one, other) => Buffer.compare(key(one), key(other))))
  }

  /** Puts a commit of these files onto a branch; gives its id. */
  async put(
    files: Readonly<Record<string, FileContent>>,
    { branch = 'main', ...more }: RawCommit & { branch?: string } = {},
  ) {
    const commit = await this.commit(await this.files(files), more)
    await this.branch(branch, commit)
    return commit
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #entry(name: string, content: FileContent): Promise<RawEntry> {
    if (typeof content === 'string') return { mode: '100644', name, object: await this.blob(content) }
    if ('link' in content) return { mode: '120000', name, object: await this.blob(content.link) }
    if ('run' in content) return { mode: '100755', name, object: await this.blob(content.run) }
    return { mode: '160000', name, object: content.submodule }
  }

  async #write(type: string, content: Buffer): Promise<string> {
    const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])
    const id = createHash('sha1').update(bytes).digest('hex')
    const file = join(this.path, 'objects', id.slice(0, 2), id.slice(2))
    if (existsSync(file)) return id
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, deflateSync(bytes, { level: 1 }))
    return id
  }
}

export type FileContent = string | { readonly link: string } | { readonly run: string } | { readonly submodule: string }
