import { statSync } from 'node:fs'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'

/** A server as `server/main.ts` runs it, but its time is that of the file CLOCK_FILE: one for all servers of a test. */
const { CLOCK_FILE = '' } = process.env
const config = readConfig(process.env)
const server = await startServer(config, createLog(config.logLevel), { clock: () => statSync(CLOCK_FILE).mtime })
process.stdout.write(`Git Connections is ready at http://127.0.0.1:${server.port}\n`)
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
