import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { splitCommand, type Words } from './odoo/command-words.ts'

const url = (fallback: string) =>
  z
    .url({ protocol: /^https?$/, error: 'must be a web address such as https://git.example.com' })
    .default(fallback)
    .transform((value) => value.replace(/\/+$/, ''))

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must look like postgresql://user:password@host:5432/database',
})

/** A command that is run without a shell. */
const command = z.string().transform((text, context): Words => {
  const split = splitCommand(text)
  if (split.is === 'words') return split.words
  context.addIssue({ code: 'custom', message: split.mend })
  return z.NEVER
})

const absoluteFolder = z.string().refine(isAbsolute, 'must name a folder from the root, such as /opt/odoo/addons')

const environment = z.object({
  PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535).default(3000),
  /** The address that people open; links and cookies are made for it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be a web address such as https://connections.example.com' })
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_CONNECTIONS: z.coerce
    .number({ error: 'must be a number of connections' })
    .int('must be a whole number')
    .min(2, 'must be at least 2')
    .max(1_000, 'must be at most 1000')
    .default(12),
  DATA_DIR: z.string().min(1, 'must name a folder').default('./data'),
  MASTER_KEYS: z.string().optional(),
  GITHUB_URL: url('https://github.com'),
  GITHUB_API_URL: url('https://api.github.com'),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  GITLAB_URL: url('https://gitlab.com'),
  GITLAB_CLIENT_ID: z.string().optional(),
  GITLAB_CLIENT_SECRET: z.string().optional(),
  REFRESH_LEASE_SECONDS: z.coerce
    .number({ error: 'must be a number of seconds' })
    .min(1, 'must be at least a second')
    .max(3_600, 'must be at most an hour')
    .default(90),
  TRUSTED_HOSTS: z.string().default(''),
  HTTPS_PROXY: z.string().optional(),
  HTTP_PROXY: z.string().optional(),
  NO_PROXY: z.string().optional(),
  ODOO_COMMAND: command.optional(),
  ODOO_ADDONS_PATH: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((folder) => folder.trim())
        .filter((folder) => folder !== ''),
    )
    .pipe(z.array(absoluteFolder)),
  ODOO_USER: z.string().optional(),
  ODOO_RUN_AS: command.optional(),
  ODOO_SAME_USER: z.enum(['allow', 'refuse'], { error: 'must be allow or refuse' }).default('refuse'),
  ODOO_DATABASE_URL: postgresUrl.optional(),
  ODOO_DEADLINE_MINUTES: z.coerce
    .number({ error: 'must be a number of minutes' })
    .min(1, 'must be at least a minute')
    .max(1_440, 'must be at most a day')
    .default(60),
  DEPLOYMENTS_AT_ONCE: z.coerce
    .number({ error: 'must be a number of deployments' })
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(50, 'must be at most 50')
    .default(2),
  DEPLOY_DIR: absoluteFolder.refine((folder) => !folder.includes(','), 'must not hold a comma').optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, silent',
    })
    .default('info'),
})

/** The settings of a server, from its environment. */
export interface Config {
  readonly port: number
  readonly publicUrl: string
  /** Whether PUBLIC_URL was set; otherwise loopback names of the port are as good. */
  readonly publicUrlIsSet: boolean
  readonly databaseUrl: string | undefined
  /** How many connections commands and queries use at most; jobs and waiting for news have some of their own. */
  readonly databaseConnections: number
  readonly dataDir: string
  readonly masterKeys: string | undefined
  readonly githubUrl: string
  readonly githubApiUrl: string
  /** The operator's OAuth applications; absent where none is registered. */
  readonly githubClientId: string | undefined
  readonly githubClientSecret: string | undefined
  readonly gitlabUrl: string
  readonly gitlabClientId: string | undefined
  readonly gitlabClientSecret: string | undefined
  /** How long one server may take to refresh a token before another takes over; longer than a call to a provider. */
  readonly refreshLeaseMs: number
  readonly trustedHosts: string
  /** The proxy for providers, perhaps with a user and password in it; HTTP_PROXY counts where HTTPS_PROXY is not set. */
  readonly httpsProxy: string | undefined
  readonly httpProxy: string | undefined
  readonly noProxy: string | undefined
  /** The command that runs Odoo, without the options of a run; absent where the operator names none. */
  readonly odooCommand: Words | undefined
  /** The folders of Odoo's own modules, and of those that all projects share, in order; absolute. */
  readonly odooAddonsPath: readonly string[]
  /** Whom a server of root's runs repository code as. */
  readonly odooUser: string | undefined
  /** The command by which another server becomes somebody else. */
  readonly odooRunAs: Words | undefined
  /** Whether repository code may run as the server itself. */
  readonly odooSameUserAllowed: boolean
  /** Odoo's PostgreSQL; its database's name is replaced by that of the environment. */
  readonly odooDatabaseUrl: string | undefined
  readonly odooDeadlineMs: number
  /** How many deployments this server carries out at a time. */
  readonly deploymentsAtOnce: number
  /** Where releases lie; absent for the place that goes with the data folder. */
  readonly deployDir: string | undefined
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** A setting is wrong; the message is one line that names the variable and the mend. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the settings.
 * @throws {ConfigError} for the first wrong value.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable means that it is not set, as in a compose file with "PORT=".
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  // These are often written small, and then count first, as for curl.
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']) set[name] = set[name.toLowerCase()] ?? set[name]
  const parsed = environment.safeParse(set)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ConfigError(`${issue?.path[0]?.toString()} ${issue?.message}`)
  }
  const { PORT, PUBLIC_URL, ...rest } = parsed.data
  return {
    port: PORT,
    publicUrl: PUBLIC_URL ?? `http://localhost:${PORT}`,
    publicUrlIsSet: PUBLIC_URL !== undefined,
    databaseUrl: rest.DATABASE_URL,
    databaseConnections: rest.DATABASE_CONNECTIONS,
    dataDir: rest.DATA_DIR,
    masterKeys: rest.MASTER_KEYS,
    githubUrl: rest.GITHUB_URL,
    githubApiUrl: rest.GITHUB_API_URL,
    githubClientId: rest.GITHUB_CLIENT_ID,
    githubClientSecret: rest.GITHUB_CLIENT_SECRET,
    gitlabUrl: rest.GITLAB_URL,
    gitlabClientId: rest.GITLAB_CLIENT_ID,
    gitlabClientSecret: rest.GITLAB_CLIENT_SECRET,
    refreshLeaseMs: rest.REFRESH_LEASE_SECONDS * 1000,
    trustedHosts: rest.TRUSTED_HOSTS,
    httpsProxy: rest.HTTPS_PROXY,
    httpProxy: rest.HTTP_PROXY,
    noProxy: rest.NO_PROXY,
    odooCommand: rest.ODOO_COMMAND,
    odooAddonsPath: rest.ODOO_ADDONS_PATH,
    odooUser: rest.ODOO_USER,
    odooRunAs: rest.ODOO_RUN_AS,
    odooSameUserAllowed: rest.ODOO_SAME_USER === 'allow',
    odooDatabaseUrl: rest.ODOO_DATABASE_URL,
    odooDeadlineMs: rest.ODOO_DEADLINE_MINUTES * 60_000,
    deploymentsAtOnce: rest.DEPLOYMENTS_AT_ONCE,
    deployDir: rest.DEPLOY_DIR,
    logLevel: rest.LOG_LEVEL,
  }
}
