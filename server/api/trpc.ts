import { DomainError, type DomainErrorCode } from '@git-connections/events'
import { initTRPC, TRPCError } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { Principal } from '../auth/principal.ts'
import type { Cause } from '../commands/cause.ts'
import type { Shell } from '../shell.ts'

/** What every procedure is given. */
export interface Context {
  readonly shell: Shell
  /** Who asks, looked up once a request; null when nobody we know. */
  readonly authenticate: () => Promise<Principal | null>
  readonly headers: Headers
  readonly correlationId: string
}

/** The one place where a refusal meets HTTP. A new code does not compile until it is mapped here. */
const TRPC_CODE = {
  AlreadyDecided: 'CONFLICT',
  CommandReused: 'CONFLICT',
  ConnectionBroken: 'PRECONDITION_FAILED',
  ConnectionDisabled: 'PRECONDITION_FAILED',
  ConnectionExists: 'CONFLICT',
  ConnectionMissing: 'NOT_FOUND',
  CredentialRefused: 'UNPROCESSABLE_CONTENT',
  CredentialUnchecked: 'SERVICE_UNAVAILABLE',
  DatabaseTaken: 'CONFLICT',
  DeploymentMissing: 'NOT_FOUND',
  DeploymentOver: 'CONFLICT',
  DeploymentRunning: 'CONFLICT',
  EnvironmentExists: 'CONFLICT',
  EnvironmentMissing: 'NOT_FOUND',
  EnvironmentStopped: 'PRECONDITION_FAILED',
  Forbidden: 'FORBIDDEN',
  HasDependents: 'CONFLICT',
  InputInvalid: 'BAD_REQUEST',
  InvitationMissing: 'NOT_FOUND',
  KeyMissing: 'NOT_FOUND',
  MemberMissing: 'NOT_FOUND',
  OAuthApplicationMissing: 'PRECONDITION_FAILED',
  OtherAccount: 'PRECONDITION_FAILED',
  ProjectExists: 'CONFLICT',
  ProjectInUse: 'CONFLICT',
  ProjectMissing: 'NOT_FOUND',
  ProjectionChanged: 'SERVICE_UNAVAILABLE',
  RefreshFailed: 'UNPROCESSABLE_CONTENT',
  RepositoriesLost: 'PRECONDITION_FAILED',
  RepositoryMissing: 'NOT_FOUND',
  RepositoryTwice: 'UNPROCESSABLE_CONTENT',
  RestoreTooLate: 'PRECONDITION_FAILED',
  SignInMissing: 'NOT_FOUND',
  TooManyProbes: 'TOO_MANY_REQUESTS',
  VaultSealed: 'SERVICE_UNAVAILABLE',
  VersionConflict: 'CONFLICT',
} as const satisfies Record<DomainErrorCode, TRPC_ERROR_CODE_KEY>

const t = initTRPC.context<Context>().create({
  isDev: false,
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 30_000 } },
  errorFormatter: ({ shape, error, ctx }) => {
    const cause = error.cause
    const issues =
      error.code === 'BAD_REQUEST' && cause instanceof z.ZodError
        ? cause.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
        : null
    const internal = error.code === 'INTERNAL_SERVER_ERROR'
    return {
      ...shape,
      message: messageOf(error, issues, ctx?.correlationId),
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        ...(shape.data.path === undefined ? {} : { path: shape.data.path }),
        domainCode: cause instanceof DomainError && !internal ? cause.code : null,
        field: cause instanceof DomainError && !internal ? cause.field : (issues?.[0]?.path ?? null),
        issues,
        correlationId: ctx?.correlationId ?? null,
      },
    }
  },
})

type Issue = { path: string; message: string }

/** Nothing of a bug's own words reaches a client. */
function messageOf(error: TRPCError, issues: Issue[] | null, correlationId: string | undefined): string {
  if (issues) return issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  // The parser quotes what it could not read.
  if (error.code === 'PARSE_ERROR') return 'The request holds no valid JSON.'
  if (error.code !== 'INTERNAL_SERVER_ERROR') return error.message
  return `Something went wrong on our side. Tell the operator this number: ${correlationId ?? 'none'}.`
}

export const router = t.router

/** Turns refusals into typed errors, and writes bugs to the log under the number that the client is told. */
const mapErrors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next()
  if (result.ok) return result
  const { cause } = result.error
  if (cause instanceof DomainError) {
    throw new TRPCError({ code: TRPC_CODE[cause.code], message: cause.message, cause })
  }
  if (result.error.code === 'INTERNAL_SERVER_ERROR') {
    ctx.shell.log.error({ err: cause ?? result.error, path, correlationId: ctx.correlationId }, 'a procedure failed')
  }
  return result
})

/** Open to anybody. */
export const publicProcedure = t.procedure.use(mapErrors)

const signedIn = publicProcedure.use(async ({ ctx, next }) => {
  const principal = await ctx.authenticate()
  if (!principal) {
    throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in, or send a valid key in the header x-api-key.' })
  }
  const { organizationId, actor } = principal
  return next({ ctx: { ...ctx, principal, organizationId, actor } })
})

const having = (right: 'see' | 'use' | 'manage', what: string) =>
  signedIn.use(({ ctx, next }) => {
    if (!ctx.principal.rights.includes(right)) {
      throw new DomainError('Forbidden', `This key may not ${what}. Make one with the right "${right}".`)
    }
    return next()
  })

/** For members and keys that may look. */
export const memberProcedure = having('see', 'look at this')
/** For members and keys that may use connections. */
export const useProcedure = having('use', 'use connections')
/** For members and keys that may change things. */
export const manageProcedure = having('manage', 'change anything')

/** Every mutation's input has this beside its own fields. */
export const command = z.object({ commandId: z.uuid().optional() })

/** What the log says about a command of this request. */
export function causeOf(
  ctx: { organizationId: string; actor: Cause['actor']; correlationId: string },
  commandId: string | undefined,
): Cause {
  return {
    actor: ctx.actor,
    organizationId: ctx.organizationId,
    commandId: commandId ?? uuidv7(),
    correlationId: ctx.correlationId,
    causationId: null,
  }
}
