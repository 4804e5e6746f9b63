// Reads reports of vitest (JSON): `files REPORT` prints the test files that failed; `tell REPORT...` prints each
// failure with the beginning of what it said; `count REPORT...` prints how many tests passed and failed.
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

const [what, ...paths] = process.argv.slice(2)
const reports = paths.map((path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null))
const failedFiles = (report) => report.testResults.filter(({ status }) => status !== 'passed')

if (what === 'files') {
  for (const report of reports) {
    for (const { name } of report ? failedFiles(report) : []) say(relative(process.cwd(), name))
  }
}

if (what === 'tell') {
  for (const [index, report] of reports.entries()) {
    if (!report) say(`No report: ${paths[index]}`)
    for (const file of report ? failedFiles(report) : []) {
      say(`FAILED ${relative(process.cwd(), file.name)} ${begin(file.message)}`)
      for (const { status, fullName, failureMessages } of file.assertionResults) {
        if (status === 'failed') say(`  ${fullName}: ${begin(failureMessages.join(' '))}`)
      }
    }
  }
}

if (what === 'count') {
  let passed = 0
  let failed = 0
  for (const report of reports) {
    passed += report?.numPassedTests ?? 0
    failed += report ? report.numFailedTests : 1
    if (report && !report.success && report.numFailedTests === 0) failed += 1
  }
  say(passed, failed)
}

function begin(message) {
  return (message ?? '').replace(/\s+/g, ' ').slice(0, 400)
}

function say(...words) {
  process.stdout.write(`${words.join(' ')}\n`)
}
