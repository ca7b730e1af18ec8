import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Config, readConfig } from '../src/config.ts'
import { writeApplications } from './support/applications.ts'
import { emptyDirectory } from './support/directory.ts'

const outputs = {
  TableName: 'Punctual-Table',
  ScheduleGroupName: 'Punctual-Schedules',
  LambdaArn: 'arn:aws:lambda:eu-west-1:123456789012:function:Punctual-WakeUp',
  SchedulerRoleArn: 'arn:aws:iam::123456789012:role/Punctual-SchedulerRole',
  DeadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:Punctual-DeadLetters',
}

const settings = {
  tableName: outputs.TableName,
  scheduleGroupName: outputs.ScheduleGroupName,
  lambdaArn: outputs.LambdaArn,
  schedulerRoleArn: outputs.SchedulerRoleArn,
  deadLetterQueueArn: outputs.DeadLetterQueueArn,
  publicUrl: 'https://punctual.example.com',
  callbackSecret: 's'.repeat(32),
  wakeLeadMs: 75_000,
}

/** What the AWS engine needs, with an outputs file of this content. */
function environment(t: Test, content: unknown = { Other: { Url: 'x' }, Punctual: { ...outputs, ServicePolicyArn: 'more' } }) {
  const directory = emptyDirectory(t)
  const AWS_OUTPUTS_FILE = join(directory, 'outputs.json')
  const APPLICATIONS_FILE = join(directory, 'applications.json')
  writeFileSync(AWS_OUTPUTS_FILE, JSON.stringify(content))
  writeApplications(APPLICATIONS_FILE, { blog: { key: 'key', origin: 'http://localhost:3000' } })
  return {
    ENGINE: 'aws',
    APPLICATIONS_FILE,
    AWS_OUTPUTS_FILE,
    PUBLIC_URL: 'https://punctual.example.com',
    CALLBACK_SECRET: 's'.repeat(32),
  }
}

const engineOf = ({ engine }: Config): Config['engine'] => engine

await t.test('without anything set, the embedded engine in development mode', async (t) => {
  t.match(readConfig({}), { host: '127.0.0.1', port: 8080, engine: { kind: 'embedded', dataDir: /\/data$/ }, applications: undefined })
})

await t.test("the stack's outputs, PUBLIC_URL and CALLBACK_SECRET are all that the AWS engine needs", async (t) => {
  t.same(engineOf(readConfig(environment(t))), { kind: 'aws', settings })
})

await t.test('a variable that is set counts more than the outputs', async (t) => {
  const config = readConfig({ ...environment(t), TABLE_NAME: 'another', WAKE_LEAD_SECONDS: '80' })
  t.match(engineOf(config), { settings: { ...settings, tableName: 'another', wakeLeadMs: 80_000 } })
})

await t.test('all may be set without a file of outputs', async (t) => {
  const { AWS_OUTPUTS_FILE, ...rest } = environment(t)
  t.ok(AWS_OUTPUTS_FILE)
  const config = readConfig({
    ...rest,
    TABLE_NAME: outputs.TableName,
    SCHEDULE_GROUP_NAME: outputs.ScheduleGroupName,
    LAMBDA_ARN: outputs.LambdaArn,
    SCHEDULER_ROLE_ARN: outputs.SchedulerRoleArn,
    DEAD_LETTER_QUEUE_ARN: outputs.DeadLetterQueueArn,
  })
  t.same(engineOf(config), { kind: 'aws', settings })
})

await t.test('PUBLIC_URL may have a path, with or without a slash at its end', async (t) => {
  for (const PUBLIC_URL of ['https://example.com/jobs', 'https://example.com/jobs/'])
    t.match(engineOf(readConfig({ ...environment(t), PUBLIC_URL })), { settings: { publicUrl: 'https://example.com/jobs' } })
})

await t.test('everything that is missing is told at once', async (t) => {
  const variables = ['TABLE_NAME', 'SCHEDULE_GROUP_NAME', 'LAMBDA_ARN', 'SCHEDULER_ROLE_ARN', 'DEAD_LETTER_QUEUE_ARN']
  try {
    readConfig({ ENGINE: 'aws' })
    t.fail('it has been taken')
  } catch (error) {
    const { message } = error as Error
    for (const variable of [...variables, 'PUBLIC_URL', 'CALLBACK_SECRET', 'APPLICATIONS_FILE'])
      t.match(message, `${variable} is needed with ENGINE=aws`)
  }
})

await t.test('what makes no sense is refused, and a secret is not repeated', async (t) => {
  const refuses = (more: Record<string, string>, message: RegExp): void => {
    t.throws(() => readConfig({ ...environment(t), ...more }), { name: 'StartRefused', message })
  }
  refuses({ PUBLIC_URL: 'punctual.example.com' }, /PUBLIC_URL must be an http/)
  refuses({ PUBLIC_URL: 'ftp://punctual.example.com' }, /PUBLIC_URL must be an http/)
  refuses({ PUBLIC_URL: 'https://user:password@punctual.example.com' }, /PUBLIC_URL must be an http/)
  refuses({ PUBLIC_URL: 'https://punctual.example.com/?a=b' }, /PUBLIC_URL must be an http/)
  refuses({ CALLBACK_SECRET: 'too-short' }, /^CALLBACK_SECRET has 9 bytes; it needs 32 at least\.$/)
  refuses({ LAMBDA_ARN: 'wake-up' }, /LAMBDA_ARN is "wake-up", which is no ARN of lambda/)
  refuses({ DEAD_LETTER_QUEUE_ARN: outputs.LambdaArn }, /DEAD_LETTER_QUEUE_ARN is .*, which is no ARN of sqs/)
  refuses({ WAKE_LEAD_SECONDS: '91' }, /WAKE_LEAD_SECONDS must be <= 90/)
  refuses({ AWS_OUTPUTS_FILE: '/nowhere' }, /AWS_OUTPUTS_FILE \/nowhere cannot be read: ENOENT/)
})

await t.test('a clock that is turned by hand is for this machine alone, and not for AWS', async (t) => {
  t.match(readConfig({}), { clock: 'system' })
  t.match(readConfig({ CLOCK: 'manual', HOST: '::1' }), { clock: 'manual' })
  const directory = emptyDirectory(t)
  const APPLICATIONS_FILE = join(directory, 'applications.json')
  writeApplications(APPLICATIONS_FILE, { blog: { key: 'key', origin: 'http://localhost:3000' } })
  t.match(readConfig({ CLOCK: 'manual', APPLICATIONS_FILE }), { clock: 'manual' })
  t.throws(() => readConfig({ CLOCK: 'manual', APPLICATIONS_FILE, HOST: '0.0.0.0' }), { message: /^CLOCK=manual .* HOST is 0\.0\.0\.0\.$/ })
  t.throws(() => readConfig({ ...environment(t), CLOCK: 'manual' }), { message: /^CLOCK=manual .* ENGINE=embedded only/ })
  t.throws(() => readConfig({ CLOCK: 'stopped' }), { message: /CLOCK must be one of system, manual/ })
})

await t.test('a stack that was deployed for another service is refused', async (t) => {
  const deployedFor = (PublicUrl: string) => environment(t, { Punctual: { ...outputs, PublicUrl } })
  t.match(engineOf(readConfig(deployedFor('https://punctual.example.com/'))), { kind: 'aws' })
  t.throws(() => readConfig(deployedFor('https://other.example.com')), {
    message: /the function was deployed for https:\/\/other\.example\.com/,
  })
})

await t.test('a file of outputs that has not exactly one stack of ours is refused', async (t) => {
  t.throws(() => readConfig(environment(t, {})), { message: /no stack in it has the outputs TableName/ })
  t.throws(() => readConfig(environment(t, [])), { message: /no stack in it/ })
  t.throws(() => readConfig(environment(t, null)), { message: /no stack in it/ })
  t.throws(() => readConfig(environment(t, { One: outputs, Two: outputs })), { message: /more than one stack in it/ })
})
