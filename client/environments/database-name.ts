/** A name for Odoo's database that tells whose it is; another one may have it already, which the server says. */
export function suggestDatabase(project: string, environment: string): string {
  const plain = `${project} ${environment}`
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 63)
    .replace(/^_+|_+$/g, '')
  return plain || 'odoo'
}
