import { z } from 'zod'

const url = (fallback: string) =>
  z
    .url({ protocol: /^https?$/, error: 'must be a web address such as https://git.example.com' })
    .default(fallback)
    .transform((value) => value.replace(/\/+$/, ''))

const environment = z.object({
  PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535).default(3000),
  /** The address that people open; links and cookies are made for it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be a web address such as https://connections.example.com' })
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must look like postgresql://user:password@host:5432/database' })
    .optional(),
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
    throw new ConfigError(`${issue?.path.join('.')} ${issue?.message}`)
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
    logLevel: rest.LOG_LEVEL,
  }
}
