import { providerName } from '@git-connections/events'
import { z } from 'zod'
import { readCertificateAuthority } from '../commands/certificate-authority.ts'
import { probeConnection } from '../commands/probe-connection.ts'
import { probeInstance } from '../commands/probe-instance.ts'
import { probeSteps } from '../probe/steps.ts'
import { typedAddress } from './plain-text.ts'
import { causeOf, command, manageProcedure, useProcedure } from './trpc.ts'

const outcome = z.object({
  step: z.enum(probeSteps),
  is: z.enum(['ok', 'failed', 'notReached']),
  /** What was seen; for a failed step what happened and what to do next. */
  detail: z.string(),
})
const wayTo = z.object({ baseUrl: z.string(), steps: z.array(outcome) })

/** Looking at the way to an instance, step by step. */
export const probing = {
  /** Before anything is linked there. It changes nothing; a mutation, so that no token stands in a URL. */
  probe: manageProcedure
    .input(
      z.object({
        provider: providerName,
        baseUrl: typedAddress,
        certificateAuthority: z.string().max(100_000).optional(),
        token: z.string().max(10_000).optional(),
      }),
    )
    .output(wayTo)
    .mutation(({ ctx, input: { provider, baseUrl, certificateAuthority, token } }) => {
      const { shell, organizationId } = ctx
      const pem = certificateAuthority ? readCertificateAuthority(certificateAuthority, shell.clock()) : null
      return probeInstance(
        shell,
        { provider, baseUrl, certificateAuthority: pem, token: token || null },
        organizationId,
      )
    }),

  /** With the credential and the certificate authority of a connection, whose status stays as it is. */
  probeConnection: useProcedure
    .input(command.extend({ connectionId: z.uuid() }))
    .output(wayTo)
    .mutation(({ ctx, input: { connectionId, commandId } }) =>
      probeConnection(ctx.shell, connectionId, causeOf(ctx, commandId)),
    ),
}
