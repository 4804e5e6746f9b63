import { A } from '@solidjs/router'
import { PageHead } from '../ui/page-head.tsx'

/** What an address shows that leads nowhere. */
export function NotFound() {
  return (
    <>
      <PageHead title="There is nothing at this address" />
      <p>
        Go to{' '}
        <A href="/settings/git-connections" class="link">
          Git Connections
        </A>
        .
      </p>
    </>
  )
}
