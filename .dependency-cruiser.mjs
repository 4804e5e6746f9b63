// Which room may import which, and what inside a room stays apart. `npm run check` holds it; test/directions.test.ts
// plants a violation of each rule.

const FOR_TESTS = '(^|/)testing[.]ts$|^events/store/notes[.]ts$|^events/[^/]+/examples[.]ts$|^(test|bench)/'
/** The folder of a stream type: everything in events/ that is no room of its own. */
const STREAM = '^events/(?!store/|proof/|node_modules/)[^/]+/'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'events-import-nothing-of-ours',
      comment: 'What can happen depends on nothing.',
      severity: 'error',
      from: { path: '^events/' },
      to: { path: '^(projections|server|client|test|bench)/' },
    },
    {
      name: 'projections-import-events-only',
      comment: 'What is known follows from what happened.',
      severity: 'error',
      from: { path: '^projections/' },
      to: { path: '^(server|client|test|bench)/' },
    },
    {
      name: 'client-imports-types-of-server-only',
      comment: 'The page and the published client run without the server.',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-knows-no-log',
      comment: 'The page sees what the API shows.',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(events|projections|test)/' },
    },
    {
      name: 'nothing-imports-client',
      comment: 'The page is built, never imported.',
      severity: 'error',
      from: { path: '^(events|projections|server)/' },
      to: { path: '^client/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'A decision sees no clock, no disk, no network: they come in as values.',
      severity: 'error',
      from: { path: `${STREAM}|^events/(decider|event|error)[.]ts$` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-needs-zod-only',
      comment: 'Schemas are the one thing that a stream takes from elsewhere.',
      severity: 'error',
      from: { path: `${STREAM}|^events/(decider|event|error)[.]ts$` },
      to: { path: '(^|/)node_modules/', pathNot: '(^|/)node_modules/zod/' },
    },
    {
      name: 'streams-stay-apart',
      comment: 'What two streams share has a file of its own beside them.',
      severity: 'error',
      from: { path: '^events/(?!store/|proof/|node_modules/)([^/]+)/' },
      to: { path: '^events/[^/]+/', pathNot: '^events/$1/' },
    },
    {
      name: 'store-knows-no-stream',
      comment: 'The store keeps any event.',
      severity: 'error',
      from: { path: '^events/(store|proof)/' },
      to: { path: STREAM },
    },
    {
      name: 'only-commands-append',
      comment: 'Every write goes through execute.',
      severity: 'error',
      from: { path: '^(projections|server|client)/', pathNot: '^server/commands/' },
      to: { path: '^events/store/append' },
    },
    {
      name: 'vault-has-one-door',
      comment: 'A credential leaves through the broker, after its use was written down.',
      severity: 'error',
      from: { pathNot: '^server/vault/' },
      to: {
        path: '^server/vault/',
        pathNot: '^server/vault/(vault|place|open-credential|rotation|key-file|tables)[.]ts|^server/vault/migrations/',
      },
    },
    {
      name: 'only-the-broker-opens',
      comment: 'Every use of a credential goes through one broker, which keeps it fresh while it is used.',
      severity: 'error',
      from: { pathNot: '^server/(vault|broker)/' },
      to: { path: '^server/vault/open-credential[.]ts' },
    },
    {
      name: 'commands-know-no-caller',
      comment: 'API, jobs, command line and HTTP call the same command.',
      severity: 'error',
      from: { path: '^server/commands/' },
      to: { path: '^server/(api|http|jobs|cli|reactions|start|main)\\b' },
    },
    {
      name: 'tools-know-no-story',
      comment: 'Providers, git, vault, modules and Odoo are told what to do.',
      severity: 'error',
      from: { path: '^server/(providers|git|vault|modules|odoo)/' },
      to: { path: '^server/(commands|api|auth|http|jobs|cli|reactions|start|main)\\b' },
    },
    {
      name: 'callers-stay-apart',
      comment: 'What two callers share is a command.',
      severity: 'error',
      from: { path: '^server/(api|jobs|cli)/' },
      to: { path: '^server/(api|http|jobs|cli)/', pathNot: '^server/$1/' },
    },
    {
      name: 'start-is-the-top',
      comment: 'Wiring happens once.',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/main[.]ts$' },
      to: { path: '^server/(main|start)[.]ts$' },
    },
    {
      name: 'launch-needs-nothing',
      comment: 'It runs before anything is installed.',
      severity: 'error',
      from: { path: '^server/launch[.]mjs$' },
      to: { dependencyTypesNot: ['core'] },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'What serves tests stays out of what is served.',
      severity: 'error',
      from: { path: '^(events|projections|server|client)/', pathNot: FOR_TESTS },
      to: { path: FOR_TESTS },
    },
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that is not found is one that no rule sees.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API; swc parses, and tells imports of types from others.
    parser: 'swc',
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '(^|/)(dist|data|coverage)/|[.]test[.]tsx?$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
