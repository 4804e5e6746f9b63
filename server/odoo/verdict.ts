import type { ModuleState } from './module-states.ts'
import { remedyFor } from './remedy.ts'
import type { RunEnd } from './run-confined.ts'
import type { RunReading } from './run-reading.ts'

/** A module that the run was to bring to a version. */
export interface PlannedModule {
  readonly name: string
  readonly action: 'install' | 'update'
  /** What Odoo's database shall say afterwards, with the series in front; null where that is not known. */
  readonly version: string | null
}

export interface RunEvidence {
  readonly end: RunEnd
  readonly reading: RunReading
  readonly linesLeftOut: number
  readonly planned: readonly PlannedModule[]
  /** What Odoo's database says afterwards, by name; null where it could not be asked. */
  readonly states: ReadonlyMap<string, ModuleState> | null
}

/** Whether everything that was planned is installed now. */
export type Verdict =
  | { is: 'installed'; warnings: { count: number; first: readonly string[] } }
  | {
      is: 'failed'
      /** The module at fault, where one is. */
      module: string | null
      /** What happened. */
      sentence: string
      /** What to do. */
      remedy: string
      /** The line that says why, as Odoo wrote it; null where there is none. */
      cause: string | null
    }

type Failure = Extract<Verdict, { is: 'failed' }>

/**
 * Judges a run by everything that it left: Odoo ends with 0 also where it installed nothing, and logs errors while it
 * goes on.
 */
export function judge(evidence: RunEvidence): Verdict {
  return byEnd(evidence) ?? byLog(evidence) ?? byStates(evidence) ?? { is: 'installed', warnings: warnings(evidence) }
}

function byEnd({ end, reading, planned }: RunEvidence): Failure | null {
  const { module } = reading
  const during = module === null ? '' : ` while ${verb(planned, module)} ${module}`
  switch (end.is) {
    case 'not-started':
      return failure(null, 'Odoo could not be started.', 'Check ODOO_COMMAND and the user that it runs as.', end.text)
    case 'cancelled':
      return failure(module, `The run was cancelled${during}.`, withRest('Deploy again to finish it.', reading), null)
    case 'deadline':
      return failure(
        module,
        `The run took too long and was ended${during}.`,
        withRest('Deploy again, or allow more time with ODOO_DEADLINE_MINUTES.', reading),
        reading.raised?.text ?? null,
      )
    case 'killed':
      return failure(
        module,
        `Odoo was ended by signal ${end.signal}${during}.`,
        end.signal === 9
          ? 'Most often the memory ran out: give the machine more, or lower what else runs there, then deploy again.'
          : 'Deploy again; if it happens once more, look into the log of the system.',
        reading.raised?.text ?? null,
      )
    case 'exited':
      return end.code === 0 ? null : byCode(end.code, reading, planned)
  }
}

function byCode(code: number, reading: RunReading, planned: readonly PlannedModule[]): Failure {
  if (code === 126 || code === 127) {
    return failure(
      null,
      'Odoo could not be started.',
      'Check that the program of ODOO_COMMAND is there and that its user may run it.',
      reading.lastWords,
    )
  }
  const raised = reading.raised ?? reading.stray
  if (code === 2 && !raised) {
    return failure(
      null,
      `Odoo did not accept its options${reading.lastWords === null ? '' : `: ${reading.lastWords}`}.`,
      'Check ODOO_COMMAND, the configuration file that it names, and that the environment has the series of this Odoo.',
      reading.lastWords,
    )
  }
  if (reading.testsFailed) {
    const module = reading.error?.module ?? null
    const of = module === null ? '' : ` of ${module}`
    const remedy = 'Mend the module or its tests, push it, and deploy again.'
    return failure(module, `The tests${of} failed.`, remedy, reading.error?.text ?? null)
  }
  const cause = raised?.text ?? reading.error?.text ?? reading.lastWords
  const module = moduleNamedIn(cause) ?? raised?.module ?? reading.error?.module ?? reading.module
  const where = module === null ? 'Odoo failed' : `Failed while ${verb(planned, module)} ${module}`
  const remedy = withRest(cause === null ? 'Read the log of the run.' : remedyFor(cause), reading)
  return failure(module, cause === null ? `${where} (exit code ${code}).` : `${where}: ${cause}`, remedy, cause)
}

/** Exit code 0, and yet something is wrong. */
function byLog({ reading, planned }: RunEvidence): Failure | null {
  if (reading.notInitialised) {
    const remedy = 'Deploy with at least one module to install, or name another database.'
    return failure(
      null,
      'The database is empty, and nothing was to be installed in it.',
      remedy,
      reading.error?.text ?? null,
    )
  }
  const unknown = planned.filter(({ name }) => reading.ignored.includes(name)).map(({ name }) => name)
  if (unknown.length > 0) {
    return failure(
      unknown[0] ?? null,
      `Odoo does not know ${unknown.join(', ')} and installed nothing of it.`,
      'Check that a repository of the project holds it, at the top of an addons folder, for this series of Odoo.',
      `invalid module names, ignored: ${unknown.join(', ')}`,
    )
  }
  const [undone] = reading.undone.filter(({ module }) => isOurs(module, planned, reading))
  if (undone) {
    return failure(
      undone.module,
      `Odoo left ${undone.module} undone: ${undone.text}`,
      'Make what it depends on available and installable for this series of Odoo, then deploy again.',
      undone.text,
    )
  }
  if (!reading.error) return null
  const { module, text } = reading.error
  const others = reading.errors === 1 ? '' : ` and ${reading.errors - 1} more`
  const where = module === null ? 'Odoo logged an error' : `Odoo logged an error in ${module}`
  return failure(module, `${where}${others}: ${text}`, remedyFor(text), text)
}

/** An ERROR line counts for any module; a WARNING about one that nobody planned does not. */
function isOurs(module: string | null, planned: readonly PlannedModule[], reading: RunReading): boolean {
  return reading.errors > 0 || planned.some(({ name }) => name === module)
}

function byStates({ states, planned, reading }: RunEvidence): Failure | null {
  for (const { name, action, version } of planned) {
    const doing = action === 'install' ? 'install' : 'update'
    if (states === null) {
      if (reading.touched.includes(name)) continue
      return failure(
        name,
        `Odoo ended without an error, and yet its log shows nothing of ${name}.`,
        'Check that the module is installable for this series. Set ODOO_DATABASE_URL, so that the database itself can be asked.',
        null,
      )
    }
    const found = states.get(name)
    if (found?.state !== 'installed') {
      return failure(
        name,
        `Odoo ended without an error, but did not ${doing} ${name}: its state is ${found ? `"${found.state}"` : 'not known'}.`,
        'Check that the module and all it depends on are installable for this series of Odoo.',
        null,
      )
    }
    if (version !== null && found.version !== version) {
      return failure(
        name,
        `Odoo ended without an error, but ${name} is at version ${found.version ?? 'unknown'}, not ${version}.`,
        'Check that no other folder of the addons path holds a module of that name.',
        null,
      )
    }
  }
  return null
}

function warnings({ reading, linesLeftOut, states }: RunEvidence): { count: number; first: readonly string[] } {
  const ours = [
    ...(linesLeftOut > 0 ? [`${linesLeftOut} lines of the log were left out.`] : []),
    ...(states === null ? ["Odoo's database was not asked; the verdict stands on the log alone."] : []),
  ]
  return { count: reading.warnings.count + ours.length, first: [...ours, ...reading.warnings.first] }
}

/** Each module commits for itself, so what came before a failure stays. */
function withRest(remedy: string, { statesReset, touched }: RunReading): string {
  return statesReset || touched.length > 1 ? `${remedy} Modules that were done before it stay as they are now.` : remedy
}

function verb(planned: readonly PlannedModule[], module: string): string {
  const action = planned.find(({ name }) => name === module)?.action
  return action === 'install' ? 'installing' : action === 'update' ? 'updating' : 'loading'
}

function moduleNamedIn(cause: string | null): string | null {
  return (
    /(?:Unable to (?:install|upgrade|process) module|try to install module) ["'](\w+)["']/.exec(cause ?? '')?.[1] ??
    null
  )
}

function failure(module: string | null, sentence: string, remedy: string, cause: string | null): Failure {
  return { is: 'failed', module, sentence, remedy, cause }
}
