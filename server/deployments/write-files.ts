import { keepRelease } from '../git/keep-release.ts'
import { removeRelease } from '../git/remove-release.ts'
import { type ReleaseOutcome, writeRelease } from '../git/write-release.ts'
import type { Source } from './read-repository.ts'
import type { Run } from './run.ts'
import { StepFailed } from './step-failure.ts'

/**
 * Writes the files of all repositories below the folder of the release, and keeps their commits in the mirrors, so that
 * one can go back to them.
 * @throws {StepFailed} naming the repository, with the remedy.
 */
export async function writeFiles(
  run: Run,
  sources: readonly Source[],
  { release, folders }: { release: string; folders: readonly string[] },
): Promise<void> {
  const { record, signal, key } = run
  // What a run that was cut off has left.
  await removeRelease(release)
  for (const [index, source] of sources.entries()) {
    const { fullName, mirror, commit } = source
    const into = folders[index]
    if (into === undefined) throw new Error(`There is no folder for ${fullName}`)
    const outcome = await writeRelease({ sources: source.sources, into, signal })
    signal.throwIfAborted()
    if (outcome.kind !== 'written') throw failureOf(fullName, outcome)
    await keepRelease(mirror, { id: key.deploymentId, commit })
    const { files, bytes, notes } = outcome
    await record.line('release', 'info', `${fullName}: ${files} files, ${Math.ceil(bytes / 1024)} KiB, in ${into}`)
    for (const note of notes) await record.line('release', 'warning', `${fullName}: ${note}`)
  }
}

function failureOf(fullName: string, outcome: Exclude<ReleaseOutcome, { kind: 'written' }>): StepFailed {
  switch (outcome.kind) {
    case 'refused':
      return new StepFailed({
        ...{ reason: 'tree', message: `${fullName}: ${outcome.text}` },
        remedy: 'Take what is wrong out of the repository, then deploy.',
      })
    case 'too-large':
      return new StepFailed({
        ...{ reason: 'tooLarge', message: `${fullName}: ${outcome.text}` },
        remedy: 'Take large files out of it, then deploy.',
      })
    case 'no-space':
      return new StepFailed({
        ...{ reason: 'noSpace', message: `${fullName}: ${outcome.text}` },
        remedy: 'The operator must make room in DEPLOY_DIR; then retry.',
      })
    case 'stopped':
      return new StepFailed({ reason: 'stopped', message: 'Writing the files was stopped.', remedy: 'Retry.' })
  }
}
