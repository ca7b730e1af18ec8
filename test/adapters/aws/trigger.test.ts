import { EventEmitter, once } from 'node:events'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import t, { type Test } from 'tap'
import { makeCursors } from '../../../src/adapters/aws/cursor.ts'
import { makeDynamoStore } from '../../../src/adapters/aws/store.ts'
import { makeEventBridgeTrigger } from '../../../src/adapters/aws/trigger.ts'
import { makeCallbackTokens } from '../../../src/adapters/system/callbackTokens.ts'
import { makeSystemClock } from '../../../src/adapters/system/clock.ts'
import type { Trigger } from '../../../src/domain/ports.ts'
import type { Schedule, WakeUp } from '../../../src/domain/schedule.ts'
import { type OpenTrigger, triggerContract } from '../../contract/trigger.ts'
import { openTable } from '../../support/aws/dynamo.ts'
import { startScheduler, type TestScheduler } from '../../support/aws/scheduler.ts'
import { makeRecordingObserver, type RecordingObserver } from '../../support/observer.ts'
import { newSchedule } from '../../support/schedules.ts'

const secret = 'a secret of at least thirty-two bytes'
const tokens = makeCallbackTokens(secret)
const clock = makeSystemClock()
const { client, tableName } = await openTable(t)
const store = makeDynamoStore({
  client,
  tableName,
  cursors: makeCursors(secret),
  clock,
  observer: makeRecordingObserver(),
  newWriteToken: () => Math.random().toString(36),
})

interface Opened extends OpenTrigger {
  readonly scheduler: TestScheduler
  readonly observer: RecordingObserver
  /** A trigger of another process with the same Scheduler. */
  another(group?: string): Trigger
}

/** The trigger over a Scheduler on a real socket, whose minute is a second. What it invokes, and what is held, is a wake-up. */
async function open(t: Test): Promise<Opened> {
  const wakeUps: WakeUp[] = []
  const times = new Map<string, number>()
  const events = new EventEmitter().setMaxListeners(0)
  const observer = makeRecordingObserver()
  const take = (wakeUp: WakeUp): void => {
    wakeUps.push(wakeUp)
    times.set(wakeUp.id, Date.now())
    events.emit('wakeUp')
  }
  const scheduler = await startScheduler({
    groups: ['punctual'],
    minuteMs: 1000,
    invoke: (input) => {
      const { url, token, id } = JSON.parse(input) as { url: string; token: string; id: string }
      const [, application = '', name = ''] = /^https:\/\/punctual\.example\.com\/base\/callbacks\/([^/]+)\/([^/]+)$/.exec(url) ?? []
      const wakeUp = { application, name, id }
      if (tokens.isTokenOf(wakeUp, token)) take(wakeUp)
    },
  })
  const over = new SchedulerClient({
    endpoint: scheduler.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 64 } },
  })
  t.teardown(async () => {
    over.destroy()
    await scheduler.close()
  })
  const another = (scheduleGroupName = 'punctual'): Trigger =>
    makeEventBridgeTrigger({
      client: over,
      deployment: {
        scheduleGroupName,
        lambdaArn: 'arn:aws:lambda:eu-west-1:123456789012:function:wake',
        schedulerRoleArn: 'arn:aws:iam::123456789012:role/scheduler',
        deadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
        publicUrl: 'https://punctual.example.com/base',
        wakeLeadMs: 1500,
      },
      tokens,
      clock,
      observer,
      hold: take,
    })
  return {
    store,
    trigger: another(),
    another,
    scheduler,
    observer,
    application: 'blog',
    wakeUps,
    async wokenUp(id) {
      for (;;) {
        const time = times.get(id)
        if (time !== undefined) return time
        await once(events, 'wakeUp')
      }
    },
  }
}

/** Due so far ahead that it is EventBridge's. */
function farAhead(fields: Parameters<typeof newSchedule>[0] = {}): Schedule {
  const now = Date.now()
  return newSchedule({ now, at: now + 3_600_000, ...fields })
}

await t.test('contract', async (t) => triggerContract(t, open))

await t.test('what is due later than the lead is woken up by EventBridge, before it is due, and nothing is left there', async (t) => {
  const { trigger, scheduler, wokenUp, wakeUps } = await open(t)
  const now = Date.now()
  const schedule = newSchedule({ now, at: now + 4000 })
  await trigger.arm(schedule)
  t.equal(wakeUps.length, 0)
  const at = await wokenUp(schedule.id)
  t.ok(at < schedule.at && at >= schedule.at - 2600, `${at - schedule.at} ms`)
  while (scheduler.schedules.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
})

await t.test(
  'EventBridge is asked once, by name of the incarnation and the arming, for whole seconds in UTC, the lead ahead',
  async (t) => {
    const { trigger, scheduler } = await open(t)
    const at = Date.UTC(2035, 0, 1, 12, 30, 10, 700)
    const schedule = { ...newSchedule({ id: '0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10', name: 'post-42', at }), arming: 3 }
    await trigger.arm(schedule)
    t.same(scheduler.requests, ['CreateSchedule'])
    t.match(scheduler.schedules.get(`${schedule.id}-3`), {
      GroupName: 'punctual',
      ClientToken: `${schedule.id}-3`,
      ScheduleExpression: 'at(2035-01-01T12:30:09)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: { DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:123456789012:dead' }, RetryPolicy: {} },
    })
    t.same(JSON.parse(scheduler.schedules.get(`${schedule.id}-3`)?.Target.Input ?? ''), {
      url: 'https://punctual.example.com/base/callbacks/blog/post-42',
      token: tokens.tokenOf(schedule),
      id: schedule.id,
    })
  },
)

await t.test('what is due within the lead is held at once, and EventBridge is asked for a time safely ahead', async (t) => {
  const { trigger, scheduler, wakeUps } = await open(t)
  const now = Date.now()
  for (const offset of [-60_000, 0, 1000, 3400]) {
    const schedule = newSchedule({ now, at: now + offset })
    await trigger.arm(schedule)
    t.equal(wakeUps.at(-1)?.id, schedule.id)
    const expression = scheduler.schedules.get(`${schedule.id}-1`)?.ScheduleExpression ?? ''
    const instant = Date.parse(`${expression.slice(3, -1)}Z`)
    t.ok(instant >= Math.max(schedule.at, now) + 89_000 && instant <= Math.max(schedule.at, now) + 92_000, expression)
  }
})

await t.test('an answer that was lost makes nothing twice', async (t) => {
  const { trigger, scheduler } = await open(t)
  scheduler.loseAnswers(1)
  await trigger.arm(farAhead())
  t.same(scheduler.requests, ['CreateSchedule', 'CreateSchedule'])
  t.equal(scheduler.schedules.size, 1)
})

await t.test('a conflict with our own earlier request is none: GetSchedule tells', async (t) => {
  const { trigger, scheduler } = await open(t)
  const schedule = farAhead()
  await trigger.arm(schedule)
  scheduler.forgetTokens()
  await trigger.arm(schedule)
  t.same(scheduler.requests, ['CreateSchedule', 'CreateSchedule', 'GetSchedule'])
  t.equal(scheduler.schedules.size, 1)
})

await t.test('a conflict with a schedule for another time, or that nobody can tell of, is an error', async (t) => {
  const { trigger, scheduler } = await open(t)
  const schedule = farAhead()
  await trigger.arm(schedule)
  await t.rejects(trigger.arm({ ...schedule, dueAt: schedule.at + 5000 }), { code: 'unavailable' })
  scheduler.refuse('ConflictException', 1)
  await t.rejects(trigger.arm(farAhead()), { code: 'unavailable' }, 'there is none, and its time has not come')
})

await t.test('a re-arm does not meet its predecessor', async (t) => {
  const { trigger, scheduler } = await open(t)
  const schedule = farAhead()
  await trigger.arm(schedule)
  await trigger.arm({ ...schedule, arming: 2 })
  t.equal(scheduler.schedules.size, 2)
  t.same(scheduler.requests, ['CreateSchedule', 'CreateSchedule'])
})

await t.test('throttling (429) is told as too_many_requests, a full quota (402) as unavailable, with when to try again', async (t) => {
  const { trigger, scheduler } = await open(t)
  scheduler.refuse('ThrottlingException', 3)
  await t.rejects(trigger.arm(farAhead()), { code: 'too_many_requests', retryAfterSeconds: 2 })
  scheduler.refuse('ServiceQuotaExceededException', 1)
  await t.rejects(trigger.arm(farAhead()), { code: 'unavailable', retryAfterSeconds: 60 })
  t.equal(scheduler.requests.at(-1), 'CreateSchedule', 'there is nothing to delete')
  scheduler.refuse('InternalServerException', 3)
  await t.rejects(trigger.arm(farAhead()), { code: 'unavailable', retryAfterSeconds: 5 })
  t.equal(scheduler.schedules.size, 0)
})

await t.test('errors that pass are not even noticed', async (t) => {
  const { trigger, scheduler } = await open(t)
  scheduler.refuse('ThrottlingException', 2)
  await trigger.arm(farAhead())
  scheduler.refuse('InternalServerException', 2)
  await trigger.arm(farAhead())
  t.equal(scheduler.schedules.size, 2)
})

await t.test('a schedule group that is missing is unavailable, and the cause is kept for the log', async (t) => {
  const { another } = await open(t)
  await t.rejects(another('nowhere').arm(farAhead()), { code: 'unavailable', cause: { name: 'ResourceNotFoundException' } })
})

await t.test('when creation fails for good after its answer was lost, nothing is left behind', async (t) => {
  const { trigger, scheduler } = await open(t)
  scheduler.loseAnswers(3)
  await t.rejects(trigger.arm(farAhead()), { code: 'unavailable' })
  t.equal(scheduler.requests.at(-1), 'DeleteSchedule')
  t.equal(scheduler.schedules.size, 0)
})

await t.test('what is held already is accepted although EventBridge fails: the sweep is its safety net', async (t) => {
  const { trigger, scheduler, observer, wakeUps } = await open(t)
  scheduler.refuse('InternalServerException', 100)
  const now = Date.now()
  const schedule = newSchedule({ now, at: now + 1000 })
  await trigger.arm(schedule)
  t.match(wakeUps, [{ id: schedule.id }])
  t.ok(observer.failures.some(({ what }) => what.includes('held already')))
})

await t.test('what has come too late for EventBridge is held', async (t) => {
  const { trigger, scheduler, wakeUps } = await open(t)
  const now = Date.now()
  const schedule = newSchedule({ now, at: now + 10_000 })
  scheduler.refuse('ValidationException', 1)
  await trigger.arm(schedule)
  t.match(wakeUps, [{ id: schedule.id }])
  t.match(scheduler.schedules.get(`${schedule.id}-1`), { ScheduleExpression: /^at/ }, 'with a safety net')
  scheduler.refuse('ValidationException', 1)
  await t.rejects(trigger.arm(farAhead()), { code: 'unavailable' }, 'but not what is far ahead')
})

await t.test('taking back deletes the schedule', async (t) => {
  const { trigger, scheduler, observer } = await open(t)
  const schedule = farAhead()
  await trigger.arm(schedule)
  await trigger.arm({ ...schedule, arming: 2 })
  await trigger.arm({ ...schedule, arming: 3 })
  await trigger.disarm({ ...schedule, arming: 3 })
  t.equal(scheduler.schedules.size, 0, 'all of its armings')
  scheduler.refuse('InternalServerException', 100)
  await trigger.disarm(schedule)
  t.match(observer.failures, [{ what: /could not be deleted/, error: { code: 'unavailable' } }])
})

await t.test('an answer that never comes is given up, in bounded time', { timeout: 30_000 }, async (t) => {
  const { makeClients } = await import('../../../src/adapters/aws/clients.ts')
  const { createServer } = await import('node:net')
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  process.env.AWS_ENDPOINT_URL_SCHEDULER = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  process.env.AWS_ACCESS_KEY_ID = 'test'
  process.env.AWS_SECRET_ACCESS_KEY = 'test'
  const { scheduler, dynamoDb } = makeClients('eu-west-1')
  t.teardown(() => {
    scheduler.destroy()
    dynamoDb.destroy()
    server.close()
  })
  const { GetScheduleCommand } = await import('@aws-sdk/client-scheduler')
  const begun = performance.now()
  await t.rejects(scheduler.send(new GetScheduleCommand({ Name: 'x' })))
  const seconds = (performance.now() - begun) / 1000
  t.ok(seconds < 15, `${seconds} s`)
})
