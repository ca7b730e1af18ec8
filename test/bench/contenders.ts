import type { Contender } from './contender.ts'
import { floors } from './floors/contenders.ts'
import { agenda } from './peers/agenda/contenders.ts'
import { bullmq } from './peers/bullmq/contenders.ts'
import { graphileWorker } from './peers/graphileWorker/contenders.ts'
import { pgBoss } from './peers/pgBoss/contenders.ts'
import { punctual } from './punctual.ts'

/** Each in every configuration that is measured, Punctual first, what the machine can do last. */
export const contenders: readonly Contender[] = [punctual, ...bullmq, ...pgBoss, ...graphileWorker, ...agenda, ...floors]
