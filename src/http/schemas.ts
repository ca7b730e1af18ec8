import { BatchItemResult, BatchResult, Canceled } from './schemas/bulk.ts'
import { AdvanceClock, ClockState } from './schemas/clock.ts'
import { Health } from './schemas/health.ts'
import { Problem } from './schemas/problem.ts'
import { ChangeSchedule, CreateBatch, CreateSchedule, RetryInput, TargetInput } from './schemas/requests.ts'
import { Attempt, Retry, Schedule, ScheduleList, Target } from './schemas/schedule.ts'
import { Timeline, TimelineBucket } from './schemas/timeline.ts'
import { WakeUp, WakeUpTaken } from './schemas/wakeUp.ts'

/** Those of a clock that is turned by hand, which only a service has that is there for tests. */
export const clockSchemas = [AdvanceClock, ClockState]

/** All others that have a name of their own in the OpenAPI document. */
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
  TimelineBucket,
  Timeline,
  WakeUp,
  WakeUpTaken,
  Health,
  Problem,
  BatchItemResult,
  BatchResult,
]
