import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

describe('the settings', () => {
  test('need nothing to be set', () => {
    expect(readConfig({})).toMatchObject({ port: 3000, dataDir: './data', publicUrl: 'http://localhost:3000' })
  })
  test('take an empty variable as not set', () => {
    expect(readConfig({ PORT: '', GITHUB_URL: '' })).toMatchObject({ port: 3000, githubUrl: 'https://github.com' })
  })
  test('tell how Odoo runs', () => {
    expect(
      readConfig({
        ODOO_COMMAND: "/opt/odoo/odoo-bin -c '/etc/my odoo.conf'",
        ODOO_ADDONS_PATH: '/opt/odoo/addons, /opt/enterprise,',
        ...{
          ODOO_USER: 'odoo',
          ODOO_RUN_AS: 'sudo -n -u odoo --',
          ODOO_SAME_USER: 'allow',
          ODOO_DEADLINE_MINUTES: '90',
        },
        ...{ ODOO_DATABASE_URL: 'postgresql://odoo@db/postgres', DEPLOY_DIR: '/srv/releases' },
      }),
    ).toMatchObject({
      ...{ odooCommand: ['/opt/odoo/odoo-bin', '-c', '/etc/my odoo.conf'], odooUser: 'odoo' },
      ...{ odooAddonsPath: ['/opt/odoo/addons', '/opt/enterprise'], odooRunAs: ['sudo', '-n', '-u', 'odoo', '--'] },
      ...{ odooSameUserAllowed: true, odooDeadlineMs: 5_400_000, deployDir: '/srv/releases' },
      odooDatabaseUrl: 'postgresql://odoo@db/postgres',
    })
  })
  test('let repository code run as the server only by name', () => {
    expect(readConfig({})).toMatchObject({
      odooSameUserAllowed: false,
      odooCommand: undefined,
      odooDeadlineMs: 3_600_000,
    })
  })
  for (const [name, value] of [
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PUBLIC_URL', 'connections.example.com'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['GITHUB_API_URL', 'api.github.com'],
    ['LOG_LEVEL', 'loud'],
    ['ODOO_COMMAND', 'odoo-bin; id'],
    ['ODOO_COMMAND', 'odoo-bin "'],
    ['ODOO_RUN_AS', 'sudo -u $USER --'],
    ['ODOO_ADDONS_PATH', '/opt/odoo/addons,enterprise'],
    ['ODOO_SAME_USER', 'yes'],
    ['ODOO_DATABASE_URL', 'mysql://localhost/x'],
    ['ODOO_DEADLINE_MINUTES', '0'],
    ['DEPLOY_DIR', 'releases'],
    ['DEPLOY_DIR', '/srv/a,b'],
  ] as const) {
    test(`refuse ${name}=${value} in one line that names it`, () => {
      expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} [^\n]+$`))
    })
  }
})
