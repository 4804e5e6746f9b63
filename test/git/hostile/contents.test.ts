import { CONTENTS } from './contents.ts'
import { tryRepositories } from './try-repositories.ts'

tryRepositories(CONTENTS)
