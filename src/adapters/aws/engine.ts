import { randomBytes, randomUUID } from 'node:crypto'
import { GetScheduleCommand, ResourceNotFoundException } from '@aws-sdk/client-scheduler'
import { AppError, StartRefused } from '../../domain/errors.ts'
import type { CallbackTokens, Clock, Engine, Observer } from '../../domain/ports.ts'
import type { WakeUp } from '../../domain/schedule.ts'
import { makeClients } from './clients.ts'
import { makeCursors } from './cursor.ts'
import { makeHandOver } from './handOver.ts'
import { makeDynamoStore } from './store.ts'
import { type Deployment, makeEventBridgeTrigger } from './trigger.ts'

export interface EngineSettings extends Deployment {
  readonly tableName: string
  readonly callbackSecret: string
}

/** A conditional write to DynamoDB, over the network. */
const claimLeadMs = 60

/** By default AWS lets an account create 1,000 schedules a second; each takes some 20 ms. */
const createsAtOnce = 20

interface Dependencies {
  readonly settings: EngineSettings
  readonly tokens: CallbackTokens
  readonly clock: Clock
  readonly observer: Observer
  readonly wake: (wakeUp: WakeUp) => Promise<unknown>
}

/**
 * The engine for any number of replicas: records in DynamoDB, wake-ups by EventBridge Scheduler, no state in the process.
 *
 * @throws StartRefused where the table is not there, or may not be used
 */
export async function openAwsEngine({ settings, tokens, clock, observer, wake }: Dependencies): Promise<Engine> {
  const { dynamoDb, scheduler } = makeClients(regionOf(settings.lambdaArn))
  const store = makeDynamoStore({
    client: dynamoDb,
    tableName: settings.tableName,
    cursors: makeCursors(settings.callbackSecret),
    clock,
    observer,
    newWriteToken: () => randomBytes(6).toString('base64url'),
  })
  await refuseWhatIsHopeless(`The table ${settings.tableName}`, () => store.check())
  // There is none of this name, which is told only to those who may know.
  const anySchedule = new GetScheduleCommand({ GroupName: settings.scheduleGroupName, Name: 'is-there-access' })
  await refuseWhatIsHopeless(`The schedule group ${settings.scheduleGroupName}`, () =>
    scheduler.send(anySchedule).catch((error: unknown) => {
      if (!(error instanceof ResourceNotFoundException)) throw error
    }),
  )
  const { handOver, close } = makeHandOver({ publicUrl: settings.publicUrl, tokens, observer })
  return {
    store: { ...store, check: sharingAnswers(store.check) },
    claimLeadMs,
    createsAtOnce,
    // Names that grow would all be added at the end of one partition.
    newName: randomUUID,
    trigger: makeEventBridgeTrigger({
      client: scheduler,
      deployment: settings,
      tokens,
      clock,
      observer,
      // What this process cannot hold, since it is stopping, another one can.
      hold: (schedule) => void wake(schedule).catch(() => handOver(schedule)),
    }),
    // Wake-ups come from outside, by way of the callback route.
    start: () => undefined,
    stop: async () => undefined,
    handOver,
    close: async () => {
      await close()
      await store.close()
      dynamoDb.destroy()
      scheduler.destroy()
    },
  }
}

/** The stack lies in one region, and its ARNs name it: `arn:aws:lambda:<region>:…`. */
function regionOf(arn: string): string {
  return arn.split(':')[3] ?? ''
}

/** For how long an answer about readiness serves everybody. */
const sharedAnswerMs = 1000

/** What waiting does not mend; anything else is told by the readiness of the service. */
const hopeless: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'CredentialsProviderError',
  'ExpiredTokenException',
  'InvalidSignatureException',
])

/** @throws StartRefused where what the service is to use is not there, or not for it to use */
async function refuseWhatIsHopeless(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const cause = error instanceof AppError ? error.cause : error
    if (!(cause instanceof Error) || !hopeless.has(cause.name)) return
    throw new StartRefused(
      `${what} cannot be used: ${cause.name}: ${cause.message}. Check the stack's outputs, AWS_* and the role's policy.`,
      { cause },
    )
  }
}

/** Asks once for all that ask within a second: whoever asks often must not wear the store out. */
function sharingAnswers(ask: () => Promise<void>): () => Promise<void> {
  let last: { readonly at: number; readonly answer: Promise<void> } | undefined
  return () => {
    const now = performance.now()
    if (last === undefined || now - last.at > sharedAnswerMs) last = { at: now, answer: ask() }
    return last.answer
  }
}
