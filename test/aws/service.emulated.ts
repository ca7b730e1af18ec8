import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import t from 'tap'
import { latenesses, type Replica, startReplica } from '../support/aws/deployment.ts'
import { dynamoClient } from '../support/aws/dynamo.ts'
import { awsEnvironment, cdk, region, startMinistack } from '../support/aws/emulators.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startOwner, type TestOwner } from '../support/owner.ts'
import { startProxy } from '../support/proxy.ts'

/** ministack looks every ten seconds for what it should fire: so it is asked this much ahead, as EventBridge is 75 s. */
const wakeLeadSeconds = 15

const endpoint = await startMinistack(t)
const directory = emptyDirectory(t)
const outputsFile = join(directory, 'outputs.json')
const balancer = await startProxy()
const owners: TestOwner[] = []
const replicas: Replica[] = []
t.teardown(async () => {
  await Promise.all(replicas.map((replica) => replica.end('SIGKILL')))
  await Promise.all([balancer.close(), ...owners.map((owner) => owner.close())])
})

const owner = await startOwner((call, response) => {
  const isFirstOfTwo = call.headers['schedule-name'] === 'retried' && call.headers['schedule-attempt'] === '1'
  response.writeHead(isFirstOfTwo ? 500 : 200).end('ok')
})
owners.push(owner)

const later = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()
const start = (): Promise<Replica> =>
  startReplica({ directory, origin: owner.origin, outputsFile, balancer, wakeLeadSeconds, aws: awsEnvironment(endpoint) })

await t.test('cdk bootstrap and cdk deploy make all that the service needs', async (t) => {
  await cdk(endpoint, directory, balancer.endpoint, ['bootstrap', `aws://000000000000/${region}`])
  await cdk(endpoint, directory, balancer.endpoint, ['deploy', '--require-approval', 'never', '--outputs-file', outputsFile])
  const { Punctual: outputs } = JSON.parse(readFileSync(outputsFile, 'utf8')) as { Punctual: Record<string, string> }
  const client = dynamoClient(endpoint)
  t.teardown(() => client.destroy())
  const { Table } = await client.send(new DescribeTableCommand({ TableName: outputs.TableName }))
  t.same(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).toSorted(), ['due', 'listing'])
})

await t.test('two replicas start with the outputs of the stack', async (t) => {
  replicas.push(await start(), await start())
  for (const { url } of replicas) t.equal((await fetch(`${url}/health/ready`)).status, 200)
})

const [one, two] = replicas
if (one === undefined || two === undefined) throw new Error('there are no replicas')

await t.test('ministack fires, the function calls back, and the owner is called on the instant', async (t) => {
  // Within three seconds, so that ministack's burst of new processes for one part is over when the other one is due.
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      (index % 2 ? one : two).api.create({
        name: `far-${index}`,
        at: later(20 + index * 0.03),
        target: { url: owner.origin },
        payload: { index },
      }),
    ),
  )
  await one.api.create({ name: 'canceled', at: later(22), target: { url: owner.origin } })
  t.equal(await two.api.cancel('canceled'), true)
  await owner.waitForCalls(100)
  for (let index = 0; index < 100; index++) await one.api.waitForStatus(`far-${index}`, 'delivered')
  t.equal(owner.calls.length, 100)
  const late = latenesses(owner.calls)
  t.ok((late[0] ?? -1) >= 0, `earliest ${late[0]} ms`)
  t.ok((late[98] ?? 0) < 3000, `p99 ${late[98]} ms`)
  t.comment(`lateness p50 ${late[50]}, p99 ${late[98]}, max ${late[99]} ms, where ministack itself is up to 10,000 ms late`)
  t.notOk(
    replicas.some((replica) => replica.output().includes('by the sweep alone')),
    'nothing was left to the sweep',
  )
  const scheduler = new SchedulerClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
  t.teardown(() => scheduler.destroy())
  const { Schedules } = await scheduler.send(new ListSchedulesCommand({}))
  t.same(Schedules, [], 'no schedule is left behind')
})

await t.test('a try that fails is made again', async (t) => {
  await one.api.create({
    name: 'retried',
    delaySeconds: 0,
    target: { url: owner.origin },
    retry: { initialDelaySeconds: 1 },
  })
  t.match(await two.api.waitForStatus('retried', 'delivered'), { attempts: [{ outcome: 'retry' }, { outcome: 'delivered' }] })
})

await t.test('a replica that holds jobs is killed: the other delivers them, once', async (t) => {
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => one.api.create({ name: `held-${index}`, delaySeconds: 4, target: { url: owner.origin } })),
  )
  await one.end('SIGKILL')
  await owner.waitForCalls(50, 'held-')
  for (let index = 0; index < 50; index++) await two.api.waitForStatus(`held-${index}`, 'delivered')
  const calls = owner.callsOf('held-')
  t.equal(calls.length, 50)
  t.ok((latenesses(calls).at(-1) ?? 0) < 15_000)
})
