import { type Account, runProgram } from './run-program.ts'

/** Ways to make a system account, in the dialects of shadow, Debian and BusyBox. */
const CREATION: readonly (readonly [string, readonly string[]])[] = [
  ['useradd', ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/false']],
  ['adduser', ['--system', '--group', '--no-create-home', '--home', '/nonexistent', '--shell', '/bin/false']],
  ['adduser', ['-S', '-D', '-H', '-s', '/bin/false']],
]

/** The system account of that name, made if it is missing; null where it cannot be made. Asks for root. */
export async function systemAccount(name: string): Promise<Account | null> {
  const existing = await findAccount(name)
  if (existing) return existing
  for (const [program, args] of CREATION) {
    await runProgram(program, [...args, name])
    const created = await findAccount(name)
    if (created) return created
  }
  return null
}

/** The account of that name; null when there is none. */
export async function findAccount(name: string): Promise<Account | null> {
  const [uid, gid] = await Promise.all([runProgram('id', ['-u', name]), runProgram('id', ['-g', name])])
  if (uid.code !== 0 || gid.code !== 0) return null
  return { name, uid: Number(uid.output), gid: Number(gid.output) }
}
