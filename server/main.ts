import { ConfigError, readConfig } from './config.ts'
import { DatabaseStartError } from './database/database-start-error.ts'
import { createLog } from './log.ts'
import { startServer } from './start.ts'

/** Serves until it is told to stop; a wrong setting or database is one line and exit code 1. */
async function main(): Promise<void> {
  const startedAt = performance.now()
  try {
    const config = readConfig(process.env)
    // Child processes and crash reports must not see it.
    for (const name of ['MASTER_KEYS', 'GITHUB_CLIENT_SECRET', 'GITLAB_CLIENT_SECRET']) delete process.env[name]
    const server = await startServer(config, createLog(config.logLevel))
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    process.stdout.write(`Git Connections is ready at ${server.url} (${seconds} s)\n`)
    let stopping = false
    const stop = () => {
      if (stopping) return
      stopping = true
      void server.stop().then(() => process.exit(0))
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof DatabaseStartError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

await main()
