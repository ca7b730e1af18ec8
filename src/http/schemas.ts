import { BatchItemResult, BatchResult, Canceled } from './schemas/bulk.ts'
import { Health } from './schemas/health.ts'
import { Problem } from './schemas/problem.ts'
import { ChangeSchedule, CreateBatch, CreateSchedule, RetryInput, TargetInput } from './schemas/requests.ts'
import { Attempt, Retry, Schedule, ScheduleList, Target } from './schemas/schedule.ts'
import { WakeUp, WakeUpTaken } from './schemas/wakeUp.ts'

/** All that have a name of their own in the OpenAPI document. */
export const namedSchemas = [
  Retry,
  RetryInput,
  Target,
  TargetInput,
  CreateSchedule,
  ChangeSchedule,
  CreateBatch,
  Attempt,
  Schedule,
  ScheduleList,
  Canceled,
  WakeUp,
  WakeUpTaken,
  Health,
  Problem,
  BatchItemResult,
  BatchResult,
]
