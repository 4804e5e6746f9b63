import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A real browser without a window. @throws {Error} where none is installed */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? BROWSERS.find(existsSync)
  if (!executablePath) throw new Error('The journeys need Chromium: install it, or name it in CHROMIUM_PATH.')
  const root = process.getuid?.() === 0
  const args = ['--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run', '--disable-quic']
  return chromium.launch({ executablePath, chromiumSandbox: !root, args })
}
