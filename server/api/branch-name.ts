import { plainText } from './plain-text.ts'

/** A branch; git allows no control characters and no spaces in it, and nothing that it would take for an option. */
export const branchName = plainText(250, 'Choose a branch.').refine(
  (name) => !/^-|\s/.test(name),
  'This is no name of a branch.',
)
