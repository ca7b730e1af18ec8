import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  SchedulerServiceException,
  ServiceQuotaExceededException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-scheduler'
import { AppError } from '../../domain/errors.ts'
import type { CallbackTokens, Clock, Observer, Trigger } from '../../domain/ports.ts'
import type { Schedule, WakeUp } from '../../domain/schedule.ts'
import { formatInstant } from '../../domain/time.ts'
import { callbackOf } from './callback.ts'

/** EventBridge is never asked for a moment closer than this: the request takes time, and its clock is not ours. */
const marginMs = 2000

/** EventBridge may go by whole minutes (nothing says whether it minds the seconds): a moment this close may be past to it. */
const minuteMs = 60_000

/**
 * What is held by this process gets its wake-up this long after it is due: past the end of the lease, so that it finds the
 * work either done or left by a dead process, and past the minute.
 */
const safetyNetMs = 90_000

/** Whoever arms a schedule again deletes what it was armed by before; so many may have escaped that all the same. */
const overlapping = 3

/** EventBridge's own attempts to hand a wake-up to the function. The sweep will have been there long before. */
const handOff = { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 20 }

/** What the service knows of the stack that was deployed for it. */
export interface Deployment {
  readonly scheduleGroupName: string
  readonly lambdaArn: string
  readonly schedulerRoleArn: string
  readonly deadLetterQueueArn: string
  /** Where the function reaches the service. */
  readonly publicUrl: string
  /** How long before `dueAt` EventBridge is asked to fire. */
  readonly wakeLeadMs: number
}

interface Dependencies {
  readonly client: SchedulerClient
  readonly deployment: Deployment
  readonly tokens: CallbackTokens
  readonly clock: Clock
  readonly observer: Observer
  /** Has this process see to a schedule when it is due. The safety net and the sweep know of it, too. */
  readonly hold: (wakeUp: WakeUp) => void
}

/**
 * The AWS engine's trigger: a one-time schedule of EventBridge Scheduler for each arming, which deletes itself.
 *
 * EventBridge fires somewhere in the minute after the moment asked for, so it is asked early, and `fire` holds the wake-up
 * until it is time. What is due sooner than that is held by this process at once.
 *
 * ```
 *   wakeAt = dueAt − lead          EventBridge fires            dueAt
 *   ├────────────── 60 s ──────────────┤                          │
 *                        └── Lambda ── callback ── held ──────────┴─▶ delivered
 * ```
 */
export function makeEventBridgeTrigger({ client, deployment, tokens, clock, observer, hold }: Dependencies): Trigger {
  const GroupName = deployment.scheduleGroupName

  function definition(schedule: Schedule, wakeAt: number): CreateScheduleCommandInput {
    return {
      GroupName,
      Name: nameOf(schedule),
      // The same request again, after an answer that was lost, is the same schedule.
      ClientToken: nameOf(schedule),
      ScheduleExpression: `at(${formatInstant(wakeAt).slice(0, 'yyyy-MM-ddTHH:mm:ss'.length)})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: deployment.lambdaArn,
        RoleArn: deployment.schedulerRoleArn,
        Input: JSON.stringify(callbackOf(deployment.publicUrl, tokens, schedule)),
        RetryPolicy: handOff,
        DeadLetterConfig: { Arn: deployment.deadLetterQueueArn },
      },
    }
  }

  async function ask(schedule: Schedule, wakeAt: number): Promise<void> {
    const wanted = definition(schedule, wakeAt)
    try {
      await client.send(new CreateScheduleCommand(wanted))
    } catch (error) {
      if (error instanceof ConflictException && (await isOurs(wanted, wakeAt).catch(() => false))) return
      // An answer may have been lost on the way to this error: nothing may be left behind.
      if (!wasRefusedAtOnce(error)) {
        await remove(nameOf(schedule)).catch((cause: unknown) =>
          observer.failed('an EventBridge schedule may be left behind, and will fail to find its record', cause, schedule),
        )
      }
      throw toAppError(error)
    }
  }

  /** Whether EventBridge has taken the request: not where it came too late for that. */
  async function askInTime(schedule: Schedule, wakeAt: number): Promise<boolean> {
    try {
      await ask(schedule, wakeAt)
      return true
    } catch (error) {
      const isPast = error instanceof AppError && error.cause instanceof ValidationException && wakeAt < clock.now() + minuteMs
      if (isPast) return false
      throw error
    }
  }

  /** Whether a schedule of this name is the one we asked for, or was, and has fired: then only the answer was lost. */
  async function isOurs({ Name, ScheduleExpression, Target }: CreateScheduleCommandInput, wakeAt: number): Promise<boolean> {
    try {
      const existing = await client.send(new GetScheduleCommand({ GroupName, Name }))
      return existing.Target?.Input === Target?.Input && existing.ScheduleExpression === ScheduleExpression
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return wakeAt <= clock.now()
      throw error
    }
  }

  async function remove(Name: string): Promise<void> {
    try {
      await client.send(new DeleteScheduleCommand({ GroupName, Name }))
    } catch (error) {
      // It has fired, or was never there.
      if (!(error instanceof ResourceNotFoundException)) throw toAppError(error)
    }
  }

  return {
    async arm(schedule) {
      const { dueAt } = schedule
      if (dueAt === null) return
      const now = clock.now()
      const wakeAt = dueAt - deployment.wakeLeadMs
      if (wakeAt >= now + marginMs && (await askInTime(schedule, wakeAt))) return
      hold(schedule)
      try {
        await ask(schedule, Math.max(dueAt, now) + safetyNetMs)
      } catch (error) {
        // It is written down, held here, and seen by every replica's sweep: that is enough to go on.
        observer.failed('EventBridge could not be asked for a second wake-up of a schedule that is held already', error, schedule)
      }
    },

    async disarm(schedule) {
      // Before the first attempt earlier armings may be pending still, of requests that overlapped; after that they have fired.
      const first = schedule.attemptCount === 0 ? Math.max(1, schedule.arming - overlapping) : schedule.arming
      const armings = Array.from({ length: schedule.arming - first + 1 }, (_, index) => first + index)
      try {
        await Promise.all(armings.map((arming) => remove(nameOf({ ...schedule, arming }))))
      } catch (error) {
        observer.failed('an EventBridge schedule could not be deleted, and will find its record changed', error, schedule)
      }
    },
  }
}

/** Whether the first and only try was answered: then nothing can have been made. */
function wasRefusedAtOnce(error: unknown): boolean {
  return error instanceof SchedulerServiceException && error.$metadata.attempts === 1
}

/** A name that no other arming of any schedule has: a re-arm never meets its predecessor's deletion. */
function nameOf({ id, arming }: Pick<Schedule, 'id' | 'arming'>): string {
  return `${id}-${arming}`
}

/** EventBridge's errors as callers are to understand them. */
function toAppError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  if (cause instanceof ThrottlingException) {
    return new AppError('too_many_requests', 'More schedules are being created than AWS lets this account create. Try again.', {
      cause,
      retryAfterSeconds: 2,
    })
  }
  if (cause instanceof ServiceQuotaExceededException) {
    return new AppError('unavailable', 'There is no room for another schedule right now. Try again later.', {
      cause,
      retryAfterSeconds: 60,
    })
  }
  return new AppError('unavailable', 'The wake-up could not be asked for. Try again: under the same name that is safe.', {
    cause,
    retryAfterSeconds: 5,
  })
}
