/**
 * The environment of every git that we run: nothing of the machine's or a user's configuration, no question at a
 * terminal, no program of anyone's.
 * @see https://git-scm.com/docs/git#_environment_variables
 */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  // An object that is missing is an error, never a reason to go out for it.
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_PAGER: 'cat',
}

/**
 * What every git that we run is told before its own arguments. It wins over whatever a repository's folder says, so that
 * nothing that came from outside names a program, a place or a way.
 * @see https://git-scm.com/docs/git-config
 */
export const GIT_SETTINGS: readonly string[] = [
  // No program but git: hooks, monitors, filters, editors, ssh.
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.sshCommand=false', 'core.editor=false'],
  ...['filter.lfs.clean=', 'filter.lfs.smudge=', 'filter.lfs.process=', 'filter.lfs.required=false'],
  ...['core.attributesFile=/dev/null', 'core.excludesFile=/dev/null', 'init.templateDir=', 'init.defaultBranch=main'],
  ...['core.symlinks=false', 'core.protectHFS=true', 'core.protectNTFS=true'],
  // No way but the one that is opened for a remote, and nowhere else than there.
  ...['protocol.allow=never', 'credential.helper=', 'http.followRedirects=false', 'http.sslVerify=true'],
  ...['transfer.bundleURI=false', 'fetch.uriProtocols=', 'submodule.recurse=false', 'fetch.recurseSubmodules=false'],
  ...['protocol.version=2', 'http.lowSpeedLimit=1000', 'http.lowSpeedTime=30'],
  // Nothing beside or after what was asked for; what comes stays one pack, which can be taken away again.
  ...['gc.auto=0', 'maintenance.auto=false', 'fetch.unpackLimit=1', 'fetch.writeCommitGraph=false'],
  // A file above this is streamed and never held in memory.
  ...['core.bigFileThreshold=16m', 'core.packedGitWindowSize=32m', 'core.packedGitLimit=512m', 'pack.threads=2'],
]

/**
 * What `git fsck` finds in old, harmless repositories: sloppy names and times of programs of long ago. Anything else
 * that is malformed is refused as it comes in.
 * @see https://git-scm.com/docs/git-fsck#_fsck_messages
 */
const FORGIVEN = [
  ...['badDate', 'badEmail', 'badName', 'badTimezone', 'missingEmail', 'missingNameBeforeEmail'],
  ...['missingSpaceBeforeDate', 'missingSpaceBeforeEmail', 'multipleAuthors', 'zeroPaddedDate', 'zeroPaddedFilemode'],
]

/**
 * Whether git looks at each object as it comes in. We never let git write a file of a repository, and what we write is
 * judged by ourselves, so this is a second wall; it can be left out for a repository that git finds fault with and that
 * somebody needs as it is.
 */
export function objectChecks(wanted: boolean): readonly string[] {
  if (!wanted) return ['fetch.fsckObjects=false']
  return ['fetch.fsckObjects=true', ...FORGIVEN.map((id) => `fetch.fsck.${id}=ignore`)]
}
