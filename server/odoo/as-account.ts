import { type ProgramResult, runProgram } from '../database/run-program.ts'
import type { Words } from './command-words.ts'
import type { InstallAccount } from './install-account.ts'

/** Runs a small program of the system's to its end as the account of repository code. */
export function runAs(account: InstallAccount, [program, ...args]: Words): Promise<ProgramResult> {
  switch (account.is) {
    case 'dropped':
      return runProgram(program, args, account.account)
    case 'prefixed': {
      const [prefix, ...prefixArgs] = account.prefix
      return runProgram(prefix, [...prefixArgs, program, ...args])
    }
    case 'same':
      return runProgram(program, args)
  }
}
