import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineConfig } from '../../../src/config.ts'
import { type Api, apiOf } from '../api.ts'
import { writeApplications } from '../applications.ts'
import { emptyDirectory, type Scope } from '../directory.ts'
import { type Answer, type ReceivedCall, startOwner, type TestOwner } from '../owner.ts'
import { startProxy, type TestProxy } from '../proxy.ts'
import { type RunningService, startService } from '../service.ts'
import { createTable, dynamoClient, startDynamo } from './dynamo.ts'
import { makeLambda, type TestLambda } from './lambda.ts'
import { startScheduler, type TestScheduler } from './scheduler.ts'

interface Options {
  /** EventBridge fires somewhere in this time after the moment asked for: a minute, in real life. */
  readonly minuteMs?: number
  readonly wakeLeadSeconds?: number
  readonly lambdaRetryDelaysMs?: readonly number[]
  readonly maxConcurrentDeliveries?: number
  /** What the owner does. */
  readonly answer?: Answer
}

/** All that the AWS engine needs, on this machine, and any number of replicas of the service. */
export interface Deployment {
  readonly scheduler: TestScheduler
  readonly lambda: TestLambda
  readonly dynamo: TestProxy
  /** Before the replicas; where the function goes. */
  readonly balancer: TestProxy
  readonly owner: TestOwner
  /** What each of them is configured with. */
  readonly env: Readonly<Record<string, string>>
  /** Starts another replica; `more` are environment variables. */
  replica(more?: Readonly<Record<string, string>>): Promise<Replica>
}

export interface Replica extends RunningService {
  readonly api: Api
}

/** The API key of the one application. */
export const key = 'key-of-blog'

/** As `cdk deploy --outputs-file` writes it. */
const outputs = {
  Punctual: {
    TableName: 'punctual-test',
    ScheduleGroupName: 'punctual',
    LambdaArn: 'arn:aws:lambda:eu-west-1:123456789012:function:wake',
    SchedulerRoleArn: 'arn:aws:iam::123456789012:role/scheduler',
    DeadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
    ServicePolicyArn: 'arn:aws:iam::123456789012:policy/service',
  },
}

/** Deploys to stand-ins on real sockets: dynalite, the tests' own Scheduler, and the real handler. */
export async function deploy(t: Scope, options: Options = {}): Promise<Deployment> {
  const { minuteMs = 500, wakeLeadSeconds = 2, lambdaRetryDelaysMs = [500, 1000], maxConcurrentDeliveries = 64, answer } = options
  const database = await startDynamo()
  const dynamo = await startProxy(database.endpoint)
  const client = dynamoClient(database.endpoint)
  await createTable(client, outputs.Punctual.TableName)
  client.destroy()
  const owner = await startOwner(answer)
  const balancer = await startProxy()
  const lambda = makeLambda({ publicUrl: balancer.endpoint, retryDelaysMs: lambdaRetryDelaysMs })
  const scheduler = await startScheduler({
    groups: [outputs.Punctual.ScheduleGroupName],
    minuteMs,
    invoke: (input) => lambda.invoke(input),
  })
  const replicas: Replica[] = []
  t.teardown(async () => {
    await Promise.all(replicas.map((replica) => replica.end('SIGKILL')))
    await Promise.all([scheduler.close(), balancer.close(), owner.close(), dynamo.close()])
    await database.close()
  })

  const directory = emptyDirectory(t)
  const outputsFile = join(directory, 'outputs.json')
  writeFileSync(outputsFile, JSON.stringify(outputs))

  const aws = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
  const service = { directory, origin: owner.origin, outputsFile, balancer, wakeLeadSeconds, maxConcurrentDeliveries, aws }

  return {
    scheduler,
    lambda,
    dynamo,
    balancer,
    owner,
    env: environmentOf(service),
    async replica(more = {}) {
      const replica = await startReplica({ ...service, aws: { ...more, ...aws } })
      replicas.push(replica)
      return replica
    },
  }
}

interface ReplicaOptions {
  readonly directory: string
  /** Where the one application may be called. */
  readonly origin: string
  readonly outputsFile: string
  readonly balancer: TestProxy
  readonly wakeLeadSeconds: number
  readonly maxConcurrentDeliveries?: number
  readonly aws: Readonly<Record<string, string>>
}

/** What a process of the service is configured with. */
function environmentOf(options: ReplicaOptions): Record<string, string> {
  const { directory, origin, outputsFile, balancer, wakeLeadSeconds, maxConcurrentDeliveries = 64, aws } = options
  const applicationsFile = join(directory, 'applications.json')
  writeApplications(applicationsFile, { blog: { key, origin, maxConcurrentDeliveries } })
  return {
    ENGINE: 'aws',
    APPLICATIONS_FILE: applicationsFile,
    AWS_OUTPUTS_FILE: outputsFile,
    PUBLIC_URL: balancer.endpoint,
    CALLBACK_SECRET: 'a secret of at least thirty-two bytes',
    WAKE_LEAD_SECONDS: String(wakeLeadSeconds),
    ...aws,
  }
}

/** Starts one more process of the service on the AWS engine, behind the balancer. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const service = await startService({ dataDir: options.directory, env: environmentOf(options) })
  options.balancer.targets.push(service.url)
  return { ...service, api: apiOf(service.url, key) }
}

/** What the engine is configured with in this process, over stand-ins that nothing fires from. */
export async function awsEngine(t: Scope): Promise<EngineConfig> {
  const dynamo = await startDynamo()
  const client = dynamoClient(dynamo.endpoint)
  const {
    TableName: tableName,
    ScheduleGroupName: scheduleGroupName,
    LambdaArn: lambdaArn,
    SchedulerRoleArn: schedulerRoleArn,
    DeadLetterQueueArn: deadLetterQueueArn,
  } = outputs.Punctual
  await createTable(client, tableName)
  client.destroy()
  const scheduler = await startScheduler({ groups: [scheduleGroupName], invoke: () => undefined })
  t.teardown(async () => {
    await scheduler.close()
    await dynamo.close()
  })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  return {
    kind: 'aws',
    settings: {
      tableName,
      scheduleGroupName,
      lambdaArn,
      schedulerRoleArn,
      deadLetterQueueArn,
      publicUrl: 'http://127.0.0.1:1',
      callbackSecret: 'a secret of at least thirty-two bytes',
      wakeLeadMs: 75_000,
    },
  }
}

/** How late each call's headers were there, in milliseconds after the moment it was due, in order. */
export function latenesses(calls: readonly ReceivedCall[]): number[] {
  return calls.map(({ receivedAt, headers }) => receivedAt - Date.parse(headers['schedule-due-at'] ?? '')).toSorted((a, b) => a - b)
}
