import { startGitHub } from './github.ts'
import { startGitLab } from './gitlab.ts'
import {
  KEY_FOLDER,
  registerApplication,
  registerGitHubApp,
  registerOAuthApp,
  type SampleApp,
  type SampleApplication,
} from './sample-applications.ts'
import { fillGitHub, fillGitLab, type SampleToken } from './sample-world.ts'

const GITHUB_PORT = 4010
const GITLAB_PORT = 4020
const GITLAB_BELOW_PORT = 4030

const github = await startGitHub({ port: GITHUB_PORT })
const gitlab = await startGitLab({ port: GITLAB_PORT })
const gitlabBelow = await startGitLab({ port: GITLAB_BELOW_PORT, path: '/gitlab' })

const hosts = [github.url, github.apiUrl, gitlab.url, gitlabBelow.url].map((url) => new URL(url).host)
const tokens = [
  list(`GitHub, ${github.url}`, fillGitHub(github)),
  list(`GitLab, ${gitlab.url}`, fillGitLab(gitlab, 'root')),
  list(`GitLab below a path, ${gitlabBelow.url}`, fillGitLab(gitlabBelow, 'below')),
]

const { PORT = '3000', PUBLIC_URL = `http://localhost:${PORT}` } = process.env
const server = PUBLIC_URL.replace(/\/$/, '')
const app = await registerGitHubApp(github, server, KEY_FOLDER)
const atGitHub = registerOAuthApp(github, server)
const atGitLab = registerApplication(gitlab, 'root', server)
const atGitLabBelow = registerApplication(gitlabBelow, 'below', server)

process.stdout.write(`Simulated providers are running; nothing here reaches the internet. Ctrl+C ends them.

Start the server against them with
  GITHUB_URL=${github.url} GITHUB_API_URL=${github.apiUrl} GITLAB_URL=${gitlab.url} \\
  ${environment('GITHUB', atGitHub)} \\
  ${environment('GITLAB', atGitLab)} \\
  TRUSTED_HOSTS=${hosts.join(',')} npm start

OAuth applications, which lead back to ${server} (start this with the server's PORT or PUBLIC_URL for another):
${application('GitHub, an OAuth App', atGitHub)}
${application('GitLab', atGitLab)}
${application('GitLab below a path', atGitLabBelow)}

A GitHub App:
${described(app)}

Tokens to paste, the same at each start:
${tokens.join('\n')}
Make something happen while it runs, for example
  curl -d '{"token":"..."}' ${github.url}/__simulator/revoke
  curl -d '{"user":"margaret"}' ${github.url}/__simulator/consent
  curl -d '{"id":${app.installations[0]?.id},"suspended":true}' ${github.url}/__simulator/changeInstallation
  curl -d '{"kind":"html"}' ${new URL('/__simulator/fault', gitlab.url).href}
  curl -d '{}' ${new URL('/__simulator/lift-faults', gitlab.url).href}
and see what there is, and what was asked, at ${github.url}/__simulator and ${github.url}/__simulator/requests
`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)

/** A person may have clicked on anything, so unexpected requests are no failure here. */
async function stop(): Promise<void> {
  for (const simulator of [github, gitlab, gitlabBelow]) simulator.takeUnexpected()
  await Promise.all([github, gitlab, gitlabBelow].map((simulator) => simulator[Symbol.asyncDispose]()))
}

function list(title: string, samples: readonly SampleToken[]): string {
  return `\n${title}\n${samples.map(({ token, shows }) => `  ${token}\n      ${shows}`).join('\n')}\n`
}

function environment(provider: string, { clientId, clientSecret }: SampleApplication): string {
  return `${provider}_CLIENT_ID=${clientId} ${provider}_CLIENT_SECRET=${clientSecret}`
}

function application(title: string, { clientId, clientSecret }: SampleApplication): string {
  return `  ${title}\n      client id ${clientId}\n      client secret ${clientSecret}`
}

function described({ appId, keyFile, installations, ...client }: SampleApp): string {
  const places = installations.map(({ id, shows }) => `      installation id ${id}: ${shows}`)
  return [application(`App id ${appId}`, client), `      private key in ${keyFile}`, ...places].join('\n')
}
