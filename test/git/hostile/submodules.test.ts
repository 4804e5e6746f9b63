import { SUBMODULES } from './submodules.ts'
import { tryRepositories } from './try-repositories.ts'

tryRepositories(SUBMODULES)
