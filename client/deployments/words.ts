import type { DeploymentSummary, DeploymentView } from '../api.ts'

const number = new Intl.NumberFormat('en')

type Kind = DeploymentSummary['kind']
export type Step = DeploymentView['steps'][number]['step']

const kindWords = { deploy: 'Deploy', sync: 'Sync', retry: 'Retry', rollback: 'Roll back' } as const
const kindMeanings = {
  deploy: 'a full run with the latest commits',
  sync: 'what is new since the last good deployment',
  retry: 'the same commits again',
  rollback: 'back to earlier commits',
} as const
const stepWords = { fetch: 'Fetch', plan: 'Plan', release: 'Write files', install: 'Install' } as const
const doing = {
  fetch: 'Fetching the repositories',
  plan: 'Looking what is to be installed and updated',
  release: 'Writing the files of this release',
  install: 'Odoo installs and updates the modules',
} as const

/** A deployment's kind as people say it. */
export const deploymentKindWord = (kind: Kind): string => kindWords[kind]
/** What a deployment of this kind does. */
export const deploymentKindMeaning = (kind: Kind): string => kindMeanings[kind]
/** A step's name. */
export const stepWord = (step: Step): string => stepWords[step]
/** What happens while a step runs. */
export const stepDoing = (step: Step): string => doing[step]

/** So many of something, as "1 module" or "1,200 modules". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number.format(count)} ${count === 1 ? one : many}`
