import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { App, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { Vpc } from 'aws-cdk-lib/aws-ec2'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { AwsSolutionsChecks } from 'cdk-nag'
import t from 'tap'
import { Punctual, type PunctualProps } from '../../infra/punctual.ts'
import { PunctualStack } from '../../infra/stack.ts'
import { tableDefinition } from '../support/aws/dynamo.ts'

const publicUrl = 'https://punctual.example.com/base'

function stackOf(props: Partial<PunctualProps> = {}): { readonly stack: PunctualStack; readonly template: Template } {
  const stack = new PunctualStack(new App(), 'Test', { publicUrl, ...props })
  return { stack, template: Template.fromStack(stack) }
}

const { stack, template } = stackOf()

/** The logical id of the resource of a type whose id begins like this. */
function idOf(type: string, start: string): string {
  const id = Object.keys(template.findResources(type)).find((each) => each.startsWith(`Punctual${start}`))
  if (id === undefined) throw new Error(`there is no ${type} ${start}`)
  return id
}

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const tableArn = arnOf(idOf('AWS::DynamoDB::Table', 'Table'))
const functionId = idOf('AWS::Lambda::Function', 'WakeUp')
const deadLetters = idOf('AWS::SQS::Queue', 'DeadLetters')
const failures = idOf('AWS::SQS::Queue', 'Failures')
const schedulerRole = idOf('AWS::IAM::Role', 'SchedulerRole')
const group = stack.punctual.scheduleGroup.scheduleGroupName
const own = [{ Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }]
const scheduler = (resource: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:', ...own, resource]] })

interface Statement {
  readonly Action: string | string[]
  readonly Resource: unknown
}

/** Actions and resources in order, whatever CDK makes of it. */
function inOrder(statement: Statement): object {
  const { Resource: resource } = statement
  const resources = Array.isArray(resource) ? resource.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : resource
  return { ...statement, Action: [statement.Action].flat().toSorted(), Resource: resources }
}

/** What a role's own policies allow; there are no others. */
function statementsOf(role: string, from = template): object[] {
  const policies = Object.values(from.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    (Properties.Roles as { Ref: string }[]).some(({ Ref }) => Ref === role),
  )
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]).map(inOrder)
}

await t.test('the table is the one that the store is tested on, backed up, expiring, and kept', async () => {
  template.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      ...tableDefinition,
      AttributeDefinitions: Match.arrayWith([...tableDefinition.AttributeDefinitions]),
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      DeletionProtectionEnabled: true,
    },
  })
})

await t.test('the function is a single small file on Node.js 24 and arm64, pinned to the service', async () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    Environment: { Variables: { PUBLIC_URL: publicUrl } },
    Timeout: 20,
    LoggingConfig: { LogGroup: { Ref: idOf('AWS::Logs::LogGroup', 'Log') } },
    VpcConfig: Match.absent(),
  })
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 })
})

await t.test('what the function fails at is tried twice more, and then kept', async () => {
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: functionId },
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: arnOf(failures) } },
  })
})

await t.test('the function may write its log and its failures, and nothing else', async (t) => {
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
    },
    ManagedPolicyArns: Match.absent(),
  })
  t.same(statementsOf(idOf('AWS::IAM::Role', 'WakeUpRole')), [
    { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: arnOf(idOf('AWS::Logs::LogGroup', 'Log')) },
    { Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'], Effect: 'Allow', Resource: arnOf(failures) },
  ])
})

await t.test('EventBridge may be the role only for schedules of this group of this account: no confused deputy', async (t) => {
  const role = template.findResources('AWS::IAM::Role')[schedulerRole]
  t.same(role?.Properties.AssumeRolePolicyDocument.Statement, [
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: {
        StringEquals: {
          'aws:SourceAccount': { Ref: 'AWS::AccountId' },
          'aws:SourceArn': arnOf(idOf('AWS::Scheduler::ScheduleGroup', 'Schedules')),
        },
      },
    },
  ])
})

await t.test('EventBridge may invoke the one function and write to the one queue', async (t) => {
  t.same(statementsOf(schedulerRole), [
    { Action: ['lambda:InvokeFunction'], Effect: 'Allow', Resource: arnOf(functionId) },
    { Action: ['sqs:SendMessage'], Effect: 'Allow', Resource: arnOf(deadLetters) },
  ])
})

const dynamoActions = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'].map(
  (action) => `dynamodb:${action}`,
)
const schedulerActions = ['CreateSchedule', 'DeleteSchedule', 'GetSchedule'].map((action) => `scheduler:${action}`)
const index = (name: string) => ({ 'Fn::Join': ['', [tableArn, `/index/${name}`]] })
const serviceStatements = [
  { Action: dynamoActions, Effect: 'Allow', Resource: tableArn },
  { Action: 'dynamodb:Query', Effect: 'Allow', Resource: [index('due'), index('listing')] },
  { Action: schedulerActions, Effect: 'Allow', Resource: scheduler(`:schedule/${group}/*`) },
  {
    Action: 'iam:PassRole',
    Effect: 'Allow',
    Resource: arnOf(schedulerRole),
    Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
  },
]

await t.test('the service may do what it does, to what is its own, and nothing else', async (t) => {
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
  t.same(statements.map(inOrder), serviceStatements.map(inOrder))
})

await t.test('its actions are exactly those that the adapters use', async (t) => {
  const adapters = resolve(import.meta.dirname, '../../src/adapters/aws')
  const sources = readdirSync(adapters).map((file) => readFileSync(resolve(adapters, file), 'utf8'))
  const commands = sources.flatMap((source) => [...source.matchAll(/new (\w+)Command\(/g)].map((match) => match[1]))
  t.same(new Set(commands), new Set([...dynamoActions, ...schedulerActions].map((action) => action.split(':')[1])))
})

await t.test('a role is granted the same', async (t) => {
  const other = new PunctualStack(new App(), 'Test', { publicUrl })
  other.punctual.grantSchedule(new Role(other, 'Task', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }))
  const granted = Template.fromStack(other)
  const role = Object.keys(granted.findResources('AWS::IAM::Role')).find((id) => id.startsWith('Task')) ?? ''
  t.same(statementsOf(role, granted), serviceStatements.map(inOrder))
})

await t.test('the queues are encrypted, and taken and given by TLS only', async (t) => {
  template.resourceCountIs('AWS::SQS::Queue', 2)
  template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 })
  const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy'))
  t.equal(policies.length, 2)
  for (const { Properties } of policies) {
    t.match(Properties.PolicyDocument.Statement, [
      { Effect: 'Deny', Action: 'sqs:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ])
  }
})

await t.test('there is an alarm for each queue, for errors and for throttles; a topic is told where there is one', async (t) => {
  template.resourceCountIs('AWS::CloudWatch::Alarm', 4)
  const metrics = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.MetricName as string)
  t.same(metrics.toSorted(), ['ApproximateNumberOfMessagesVisible', 'ApproximateNumberOfMessagesVisible', 'Errors', 'Throttles'])
  template.allResourcesProperties('AWS::CloudWatch::Alarm', {
    Threshold: 1,
    TreatMissingData: 'notBreaching',
    AlarmActions: Match.absent(),
  })
  const other = new Stack(new App(), 'Other')
  new Punctual(other, 'Punctual', { publicUrl, alarmTopic: new Topic(other, 'Topic') })
  Template.fromStack(other).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }] })
})

await t.test('the outputs are those that the service reads', async (t) => {
  t.same(Object.keys(template.findOutputs('*')).toSorted(), [
    'DeadLetterQueueArn',
    'LambdaArn',
    'PublicUrl',
    'ScheduleGroupName',
    'SchedulerRoleArn',
    'ServicePolicyArn',
    'TableName',
  ])
})

await t.test('a stack for tests leaves nothing behind', async () => {
  const { template } = stackOf({ removalPolicy: RemovalPolicy.DESTROY })
  template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: false } })
})

await t.test('the function runs in a VPC where there is one', async () => {
  const other = new Stack(new App(), 'Other')
  new Punctual(other, 'Punctual', { publicUrl, vpc: new Vpc(other, 'Vpc', { restrictDefaultSecurityGroup: false }) })
  Template.fromStack(other).hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    VpcConfig: { SubnetIds: Match.anyValue(), SecurityGroupIds: Match.anyValue() },
  })
})

await t.test('the AwsSolutions rules find nothing that is not explained', async (t) => {
  const app = new App()
  new PunctualStack(app, 'Test', { publicUrl })
  const pinned = new PunctualStack(app, 'Pinned', { publicUrl, env: { account: '123456789012', region: 'eu-west-1' } })
  const vpc = Vpc.fromVpcAttributes(pinned, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'] })
  new PunctualStack(app, 'InVpc', { publicUrl, env: { account: '123456789012', region: 'eu-west-1' }, vpc })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  t.doesNotThrow(() => app.synth())
  t.equal(process.exitCode ?? 0, 0)
})
