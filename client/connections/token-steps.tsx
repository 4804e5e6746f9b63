import ExternalLink from 'lucide-solid/icons/external-link'
import { For } from 'solid-js'
import type { Provider } from '../api.ts'
import { CopyChip } from '../ui/copy.tsx'

const scopes: Record<Provider, readonly string[]> = { github: ['repo', 'read:org'], gitlab: ['api', 'read_repository'] }

function tokenPage(provider: Provider, baseUrl: string, name: string): string {
  const base = baseUrl.replace(/\/+$/, '')
  const title = encodeURIComponent(name || 'Git Connections')
  const wanted = scopes[provider].join(',')
  if (provider === 'github') return `${base}/settings/tokens/new?scopes=${wanted}&description=${title}`
  return `${base}/-/user_settings/personal_access_tokens?name=${title}&scopes=${wanted}`
}

/** How to make a token at the provider, with a link that opens the right page there. */
export function TokenSteps(props: { provider: Provider; baseUrl: string; name: string }) {
  const path = () =>
    props.provider === 'github'
      ? 'Settings, Developer settings, Personal access tokens, Generate new token (classic)'
      : 'Preferences, Access Tokens'
  return (
    <ol class="list-decimal space-y-1.5 rounded-md bg-sunken py-3 pr-3 pl-8">
      <li>
        <a
          class="link inline-flex items-center gap-1"
          target="_blank"
          rel="noreferrer"
          href={tokenPage(props.provider, props.baseUrl, props.name)}
        >
          Open the token page
          <ExternalLink size={14} aria-hidden="true" />
        </a>{' '}
        <span class="text-quiet">({path()})</span>
      </li>
      <li>Set an expiration date; 90 days are recommended.</li>
      <li>
        Choose the scopes{' '}
        <For each={scopes[props.provider]}>
          {(scope) => (
            <>
              <CopyChip text={scope} label="the scope" />{' '}
            </>
          )}
        </For>
      </li>
      <li>Create the token and paste it here.</li>
    </ol>
  )
}
