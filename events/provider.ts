import { z } from 'zod'

/** The providers of git hosting that can be linked. */
export const providers = ['github', 'gitlab'] as const
export const providerName = z.enum(providers)
export type ProviderName = z.infer<typeof providerName>
