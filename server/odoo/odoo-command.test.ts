import { describe, expect, test } from 'vitest'
import type { Words } from './command-words.ts'
import { splitCommand } from './command-words.ts'
import { type OdooRun, odooCommand, writtenCommand } from './odoo-command.ts'

const command: Words = ['/opt/odoo/venv/bin/python', '/opt/odoo/odoo-bin', '-c', '/etc/odoo.conf']
const run: OdooRun = {
  series: '17.0',
  database: 'shop-staging',
  addonsPath: ['/srv/r/1/main', '/opt/odoo/addons'],
  install: ['sale_x', 'web_notify'],
  update: ['base_y'],
  demo: false,
}

describe('the command of a run', () => {
  test('installs and updates, then ends, without a port', () => {
    expect(writtenCommand(odooCommand(command, run))).toBe(
      '/opt/odoo/venv/bin/python /opt/odoo/odoo-bin -c /etc/odoo.conf --addons-path /srv/r/1/main,/opt/odoo/addons -d shop-staging -i sale_x,web_notify -u base_y --stop-after-init --no-http --workers=0 --without-demo=all',
    )
  })
  test('leaves out what there is nothing of', () => {
    expect(odooCommand(command, { ...run, install: [] })).not.toContain('-i')
    expect(odooCommand(command, { ...run, update: [] })).not.toContain('-u')
  })
  for (const [series, demo, options] of [
    ['14.0', false, ['--without-demo=all']],
    ['18.0', false, ['--without-demo=all']],
    ['18.0', true, []],
    ['19.0', false, []],
    ['19.0', true, ['--with-demo']],
    ['20.0', true, ['--with-demo']],
  ] as const) {
    test(`says in series ${series} ${demo ? 'that' : 'that no'} demonstration data is wanted`, () => {
      const words = odooCommand(command, { ...run, series, demo })
      expect(words.filter((word) => word.includes('demo'))).toEqual(options)
    })
  }
  test('is written so that a shell reads it back the same', () => {
    const words = odooCommand(["/opt/my odoo/it's", '-c', '$x'], { ...run, database: 'a;b' })
    expect(splitCommand(writtenCommand(words))).toEqual({ is: 'words', words })
  })
  test('takes no folder that Odoo would take for two', () => {
    expect(() => odooCommand(command, { ...run, addonsPath: ['/a,b'] })).toThrow('several names')
  })
})
