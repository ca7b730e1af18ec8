// The process that makes the calls of AWS that the service makes for each schedule, and does nothing else.
import { randomUUID } from 'node:crypto'
import { makeClients } from '../../../src/adapters/aws/clients.ts'
import { makeCursors } from '../../../src/adapters/aws/cursor.ts'
import { makeDynamoStore } from '../../../src/adapters/aws/store.ts'
import { makeEventBridgeTrigger } from '../../../src/adapters/aws/trigger.ts'
import { makeCallbackTokens } from '../../../src/adapters/system/callbackTokens.ts'
import { makeSystemClock } from '../../../src/adapters/system/clock.ts'
import { readConfig } from '../../../src/config.ts'
import { claim, settle } from '../../../src/domain/lifecycle.ts'
import { makeRecordingObserver } from '../../support/observer.ts'
import { newSchedule } from '../../support/schedules.ts'
import { serve, settings } from '../beside/serve.ts'

export interface SdkCommands {
  /** How much CPU the calls for each schedule have taken, in microseconds, once all is warm. */
  measure(count: number): Promise<number>
}

const [env] = settings as [Readonly<Record<string, string>>]
// The SDK reads where its stand-ins are from there, as in the service.
Object.assign(process.env, env)
const { engine } = readConfig(env)
if (engine.kind !== 'aws') throw new Error('there is no AWS to measure')
const deployment = engine.settings
const atOnce = 16
const secret = 'a secret of at least thirty-two bytes'

type Call = () => Promise<unknown>

/** What the service would ask AWS for, from creation to result, ready to be sent. */
async function callsOf(payload: unknown): Promise<Call[]> {
  const { dynamoDb, scheduler } = clients
  const calls: Call[] = []
  const recorder = <C>(client: { send(command: C): Promise<unknown> }) => ({
    send: async (command: C) => {
      calls.push(() => client.send(command))
      return {}
    },
  })
  const clock = makeSystemClock()
  const observer = makeRecordingObserver()
  const store = makeDynamoStore({
    client: recorder(dynamoDb) as never,
    tableName: deployment.tableName,
    cursors: makeCursors(secret),
    clock,
    observer,
    newWriteToken: () => randomUUID().slice(0, 8),
  })
  const trigger = makeEventBridgeTrigger({
    client: recorder(scheduler) as never,
    deployment,
    tokens: makeCallbackTokens(secret),
    clock,
    observer,
    hold: () => undefined,
  })
  const at = Date.now() + 3600_000
  const schedule = newSchedule({ name: randomUUID(), id: randomUUID(), at, content: { payload: JSON.stringify(payload) } })
  const claimed = claim(schedule, at)
  const result = { verdict: 'delivered', startedAt: at, durationMs: 3, statusCode: 200, responseBody: 'ok' } as const
  await store.insert(schedule)
  await trigger.arm(schedule)
  await store.get(schedule.application, schedule.name)
  await store.replace(schedule, claimed)
  await store.replace(claimed, settle(claimed, result, at + 3, 0.5, 86_400_000))
  await store.close()
  return calls
}

async function send(schedules: readonly (readonly Call[])[]): Promise<void> {
  const queue = schedules.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const calls of queue) for (const call of calls) await call()
    }),
  )
}

const clients = makeClients('eu-west-1')
serve(
  {
    async measure(count: number) {
      const payload = { postId: 42, text: 'hello, this is the text of a post that is to be published later' }
      const schedules = await Promise.all(Array.from({ length: 2 * count }, () => callsOf(payload)))
      await send(schedules.slice(0, count))
      const before = process.cpuUsage()
      await send(schedules.slice(count))
      const { user, system } = process.cpuUsage(before)
      return (user + system) / count
    },
  } satisfies SdkCommands,
  () => undefined,
)
