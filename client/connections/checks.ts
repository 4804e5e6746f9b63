import type { ConnectionView } from '../api.ts'
import { hostOf } from './words.ts'

export type Answer = 'yes' | 'no' | 'unchecked' | 'waiting'

function scopeWords({ scopes, missingScopes }: ConnectionView, answer: Answer): string {
  if (missingScopes.length > 0) return `missing: ${missingScopes.join(', ')}`
  return scopes?.join(', ') ?? (answer === 'unchecked' ? 'not told for this kind of token' : '')
}

/** What a first check goes through, in order, with how far it came. */
export function checksOf(view: ConnectionView): { what: string; answer: Answer; detail: string }[] {
  const settled = view.status !== 'pending'
  const unsettled: Answer = settled ? 'unchecked' : 'waiting'
  const reached = view.calls.some(({ status }) => status !== null)
  const accepted: Answer = view.account ? 'yes' : settled ? 'no' : 'waiting'
  const scopes: Answer = view.scopes ? (view.missingScopes.length ? 'no' : 'yes') : unsettled
  const tick = ({ is }: ConnectionView['canList']): Answer => (is === 'unchecked' ? unsettled : is)
  return [
    { what: `Reached ${hostOf(view.baseUrl)}`, answer: reached ? 'yes' : settled ? 'no' : 'waiting', detail: '' },
    { what: 'Token accepted', answer: accepted, detail: view.account ? `as ${view.account.login}` : '' },
    {
      what: 'Scopes',
      answer: scopes,
      detail: scopeWords(view, scopes),
    },
    { what: 'Can list', answer: tick(view.canList), detail: view.canList.detail },
    { what: 'Can clone', answer: tick(view.canClone), detail: view.canClone.detail },
  ]
}
