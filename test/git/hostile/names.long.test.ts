import { NAMES } from './names.ts'
import { tryRepositories } from './try-repositories.ts'

tryRepositories(NAMES)
