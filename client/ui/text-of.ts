/** A parameter of the URL; empty when it is not there, or there more than once. */
export const textOf = (value: string | string[] | undefined) => (typeof value === 'string' ? value : '')
