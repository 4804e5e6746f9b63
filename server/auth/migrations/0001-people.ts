import { type Kysely, sql } from 'kysely'

/** The tables that better-auth 1.7 asks for (core, organization, API keys), with what it leaves to races made unique. */
const statements = [
  `create table "user" ("id" uuid default gen_random_uuid() primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null, "image" text, "createdAt" timestamptz default now() not null, "updatedAt" timestamptz default now() not null)`,
  `create unique index user_email_any_case on "user" (lower("email"))`,
  `create table "session" ("id" uuid default gen_random_uuid() primary key, "expiresAt" timestamptz not null, "token" text not null unique, "createdAt" timestamptz default now() not null, "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text, "userId" uuid not null references "user" ("id") on delete cascade, "activeOrganizationId" text)`,
  `create table "account" ("id" uuid default gen_random_uuid() primary key, "accountId" text not null, "providerId" text not null, "userId" uuid not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text, "createdAt" timestamptz default now() not null, "updatedAt" timestamptz not null)`,
  `create table "verification" ("id" uuid default gen_random_uuid() primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz default now() not null, "updatedAt" timestamptz default now() not null)`,
  `create table "organization" ("id" uuid default gen_random_uuid() primary key, "name" text not null, "slug" text not null unique, "logo" text, "createdAt" timestamptz not null, "metadata" text)`,
  `create table "member" ("id" uuid default gen_random_uuid() primary key, "organizationId" uuid not null references "organization" ("id") on delete cascade, "userId" uuid not null references "user" ("id") on delete cascade, "role" text not null, "createdAt" timestamptz not null, unique ("organizationId", "userId"))`,
  `create table "invitation" ("id" uuid default gen_random_uuid() primary key, "organizationId" uuid not null references "organization" ("id") on delete cascade, "email" text not null, "role" text, "status" text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz default now() not null, "inviterId" uuid not null references "user" ("id") on delete cascade)`,
  `create unique index invitation_pending_once on "invitation" ("organizationId", lower("email")) where "status" = 'pending'`,
  `create table "apikey" ("id" uuid default gen_random_uuid() primary key, "configId" text not null, "name" text, "start" text, "referenceId" text not null, "prefix" text, "key" text not null, "refillInterval" integer, "refillAmount" integer, "lastRefillAt" timestamptz, "enabled" boolean, "rateLimitEnabled" boolean, "rateLimitTimeWindow" integer, "rateLimitMax" integer, "requestCount" integer, "remaining" integer, "lastRequest" timestamptz, "expiresAt" timestamptz, "createdAt" timestamptz not null, "updatedAt" timestamptz not null, "permissions" text, "metadata" text)`,
  `create table "rateLimit" ("id" uuid default gen_random_uuid() primary key, "key" text not null unique, "count" integer not null, "lastRequest" bigint not null)`,
  `create index on "session" ("userId")`,
  `create index on "account" ("userId")`,
  `create index on "verification" ("identifier")`,
  `create index on "member" ("userId")`,
  `create index on "invitation" (lower("email"))`,
  `create index on "apikey" ("configId")`,
  `create index on "apikey" ("referenceId")`,
  `create index on "apikey" ("key")`,
  // The first account takes this one row; of two first sign-ups at once only one can.
  `create table first_account (taken boolean primary key default true check (taken), email text not null, "takenAt" timestamptz not null default now())`,
]

export const people = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
