import { LINKS } from './links.ts'
import { tryRepositories } from './try-repositories.ts'

tryRepositories(LINKS)
