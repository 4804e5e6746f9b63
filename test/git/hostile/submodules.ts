import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Fixture } from './fixture.ts'
import type { Ground } from './ground.ts'

const COMMIT = '1234567890'.repeat(4)

function section(name: string, url: string, path = 'vendor/sub'): string {
  return `[submodule "${name}"]\n\tpath = ${path}\n\turl = ${url}\n`
}

/** Addresses that must not be followed, and what is told. */
const ADDRESSES: readonly (readonly [string, (ground: Ground) => string, RegExp])[] = [
  ['an absolute path', ({ secretRepository }) => secretRepository, /path of this machine/],
  ['an ssh option as its host', () => 'ssh://-oProxyCommand=touch/x', /looks like an option/],
  ['an option in place of an address', () => '-u./payload', /looks like an option/],
  ['an encoded line end', ({ host }) => `${host.url}/%0ahost=evil/x.git`, /encoded control characters/],
  ['another host', ({ elsewhere }) => `${elsewhere.url}/hostile/x.git`, /lies on another host/],
  ['another host for ssh', () => 'git@other.test:acme/x.git', /lies on another host \(other.test/],
  ['a password in it', ({ host }) => host.url.replace('://', '://u:p@'), /a password in it/],
  ['more steps up than there are', () => '../../../../../x.git', /leads out of its host/],
  ['the metadata of a cloud', () => 'http://169.254.169.254/latest/x.git', /lies on another host/],
  ['nothing at all', () => '', /has no address|is not named/],
]

/** Repositories with submodules that lead somewhere else. */
export const SUBMODULES: readonly Fixture[] = [
  {
    name: 'a submodule by ext::, which runs a command',
    make: (repository, { payload }) =>
      repository.put({
        ...{ '.gitmodules': section('s', `ext::sh -c ${payload.replaceAll(' ', '% ')}% >&2`) },
        'vendor/sub': { submodule: COMMIT },
      }),
    told: /was left out: it has an address (for a program|with blanks)/,
    danger: async (ground, url) => {
      await ground.plainClone(url, { args: ['-c', 'protocol.ext.allow=always'] })
      return (await ground.markers()).length > 0
    },
  },
  {
    name: 'a submodule by file://',
    make: (repository, { secretRepository }) =>
      repository.put({
        ...{ '.gitmodules': section('s', `file://${secretRepository}`), 'vendor/sub': { submodule: COMMIT } },
      }),
    told: /was left out: it has an address of a kind that is not fetched \(file\)/,
    danger: async (ground, url) =>
      existsSync(
        join(await ground.plainClone(url, { args: ['-c', 'protocol.file.allow=always'] }), '.git/modules/s/HEAD'),
      ),
  },
  ...ADDRESSES.map(
    ([name, address, told], at): Fixture => ({
      variant: at % 3 > 0,
      name: `a submodule with ${name}`,
      make: (repository, ground) =>
        repository.put({ '.gitmodules': section('s', address(ground)), 'vendor/sub': { submodule: COMMIT } }),
      told,
    }),
  ),
  {
    name: 'a submodule whose path ends in a carriage return',
    make: (repository, { host }) =>
      repository.put({
        '.gitmodules': `[submodule "s"]\n\tpath = "vendor/sub\r"\n\turl = ${host.url}/hostile/x.git\n`,
        'vendor/sub\r': { submodule: COMMIT },
      }),
    told: /was left out: it (was not fetched|is not named)/,
  },
  {
    name: 'a submodule whose name climbs out',
    make: (repository, { host }) =>
      repository.put({
        ...{ '.gitmodules': section('../../climbed', `${host.url}/x.git`), 'vendor/sub': { submodule: COMMIT } },
      }),
    told: /was left out: it has a name with \.\. in it/,
  },
  {
    name: 'a submodule that is not written down',
    make: (repository) => repository.put({ 'vendor/sub': { submodule: COMMIT } }),
    told: /was left out: it has no \.gitmodules/,
  },
  {
    name: 'a submodule at .git',
    make: (repository, { host }) =>
      repository.put({ '.gitmodules': section('s', `${host.url}/x.git`, '.git'), '.git': { submodule: COMMIT } }),
    told: /taken for \.git/,
  },
  {
    name: 'a .gitmodules that is a link',
    make: (repository, { secret }) =>
      repository.put({ '.gitmodules': { link: secret }, 'vendor/sub': { submodule: COMMIT } }),
    told: /was left out: it has no \.gitmodules.*1 link was left out/,
  },
  {
    name: 'a .gitmodules that includes a file of the system',
    make: (repository, { secret, host }) =>
      repository.put({
        '.gitmodules': `[include]\n\tpath = ${secret}\n${section('s', `${host.url}/hostile/gone.git`)}`,
        'vendor/sub': { submodule: COMMIT },
      }),
    told: /was left out: it was not fetched \(refused\)/,
  },
  {
    name: 'a .gitmodules of a megabyte',
    make: (repository) =>
      repository.put({ '.gitmodules': section('s', 'x').repeat(25_000), 'vendor/sub': { submodule: COMMIT } }),
    told: /was left out: it has no \.gitmodules that can be read/,
  },
  {
    name: 'a .gitmodules that is no configuration',
    make: (repository) => repository.put({ '.gitmodules': '[[[\0\u0001', 'vendor/sub': { submodule: COMMIT } }),
    told: /was left out: it has no \.gitmodules that can be read/,
  },
  {
    name: 'a submodule that is its own repository, again and again',
    async make(repository) {
      let below = await repository.put({ end: 'end' })
      for (let depth = 0; depth < 6; depth++) {
        below = await repository.put({ '.gitmodules': section('s', './', 's'), s: { submodule: below } })
      }
    },
    told: /"kind":"written".*was left out/,
  },
]
