import { CONTENTS } from './contents.ts'
import type { Fixture } from './fixture.ts'
import { LINKS } from './links.ts'
import { NAMES } from './names.ts'
import { SUBMODULES } from './submodules.ts'

/** Every repository that means harm. */
export const FIXTURES: readonly Fixture[] = [...NAMES, ...LINKS, ...SUBMODULES, ...CONTENTS]
