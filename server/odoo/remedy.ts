/** What to do about a cause, by what Odoo, Python and PostgreSQL write in such a case. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /external dependency is not met|ModuleNotFoundError|ImportError: (?:No module|cannot import)/,
    'Install what is missing where Odoo runs (its Python environment, or the system for a program), then deploy again.',
  ],
  [
    /But the latter module is not available/,
    'Add the repository that holds the missing module to the project, or leave out the module that needs it.',
  ],
  [
    /Recursion error in modules dependencies/,
    'Take the loop out of the "depends" of these modules, then deploy again.',
  ],
  [/ are incompatible\./, 'Leave one of the two modules out.'],
  [
    /Invalid version '|Invalid module name/,
    'Mend the manifest of the module as the message says, push it, and deploy again.',
  ],
  [
    /Using the database user 'postgres'/,
    'Let Odoo use a database user of its own: set db_user in its configuration, or ODOO_DATABASE_URL.',
  ],
  [
    /lock timeout|could not obtain lock|deadlock detected/,
    'Something else holds this database: stop the Odoo that serves it, or wait until it is quiet, then deploy again.',
  ],
  [
    /OperationalError|could not connect|Connection refused|connection to server|the database system is/,
    "Check that Odoo's PostgreSQL runs and takes its user: db_host and its neighbours in Odoo's configuration, or ODOO_DATABASE_URL.",
  ],
  [/No space left on device|DiskFull/, 'Make room on the disk, then deploy again.'],
  [/permission denied|PermissionError/i, 'Give the user that Odoo runs as the right to do this, then deploy again.'],
  [/ParseError: while parsing/, 'Mend the named file in its repository, push it, and deploy again.'],
]

/** One sentence that says what to do about the cause of a failed run. */
export function remedyFor(cause: string): string {
  const known = REMEDIES.find(([sign]) => sign.test(cause))
  return known?.[1] ?? 'Mend the module in its repository, push it, and deploy again; the log shows where it failed.'
}
