import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2'
import { Grant, type IGrantable, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { bundleHandler } from '../lambda/bundle.ts'
import { indexes } from '../src/adapters/aws/table.ts'
import { makeTable } from './table.ts'

export interface PunctualProps {
  /** How the function reaches the service, such as `https://punctual.example.com`: the service's `PUBLIC_URL`. */
  readonly publicUrl: string
  /**
   * What becomes of the table when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN, which also protects it from being deleted by hand
   */
  readonly removalPolicy?: RemovalPolicy
  /**
   * How long the function's log is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays
  /**
   * The network that the function runs in, for a service that is not reached from the internet.
   *
   * @default none
   */
  readonly vpc?: IVpc
  /** @default the VPC's private subnets */
  readonly vpcSubnets?: SubnetSelection
  /** @default one of the function's own */
  readonly securityGroups?: ISecurityGroup[]
  /**
   * Who is told of alarms.
   *
   * @default nobody: the alarms are there to be looked at
   */
  readonly alarmTopic?: ITopic
}

/** Longer than the handler's own deadline for its call. */
const functionTimeout = Duration.seconds(20)

/** All that Punctual needs of AWS: the table, the schedule group, the function that wake-ups go through, and who may do what. */
export class Punctual extends Construct {
  /** What the function was deployed for. */
  readonly publicUrl: string
  readonly table: Table
  readonly scheduleGroup: ScheduleGroup
  readonly wakeUpFunction: LambdaFunction
  /** What EventBridge could not hand over to the function. */
  readonly deadLetterQueue: Queue
  /** What the function could not pass on to the service. */
  readonly failureQueue: Queue
  readonly schedulerRole: Role
  /** What the service may do; for roles that this app does not make. */
  readonly servicePolicy: ManagedPolicy

  constructor(scope: Construct, id: string, props: PunctualProps) {
    super(scope, id)
    this.publicUrl = props.publicUrl
    this.table = makeTable(this, 'Table', props.removalPolicy ?? RemovalPolicy.RETAIN)
    this.scheduleGroup = new ScheduleGroup(this, 'Schedules')
    this.deadLetterQueue = makeQueue(this, 'DeadLetters')
    this.failureQueue = makeQueue(this, 'Failures')
    this.wakeUpFunction = makeFunction(this, props, this.failureQueue)
    this.schedulerRole = this.makeSchedulerRole()
    this.servicePolicy = new ManagedPolicy(this, 'ServicePolicy', {
      description: 'What the service of Punctual may do',
      statements: this.serviceStatements(),
    })
    this.makeAlarms(props.alarmTopic)
  }

  /** Lets a principal do what the service does: keep schedules in the table, and have EventBridge wake them up. */
  grantSchedule(grantee: IGrantable): Grant {
    const grants = this.serviceStatements().map(({ actions, resources, conditions }) =>
      Grant.addToPrincipal({
        grantee,
        actions,
        resourceArns: resources,
        conditions: conditions as Record<string, Record<string, unknown>>,
      }),
    )
    return grants.reduce((all, grant) => all.combine(grant))
  }

  /** How many wake-ups EventBridge could not hand over. */
  metricDeadLetters(): IMetric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' })
  }

  /** How many wake-ups the function could not pass on, in three attempts each. */
  metricFailures(): IMetric {
    return this.failureQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' })
  }

  /** How many of the function's attempts failed. */
  metricErrors(): IMetric {
    return this.wakeUpFunction.metricErrors()
  }

  /** How many of the function's invocations were throttled. */
  metricThrottles(): IMetric {
    return this.wakeUpFunction.metricThrottles()
  }

  /** Exactly the actions that `src/adapters/aws` uses; a test compares the two. */
  private serviceStatements(): PolicyStatement[] {
    const { tableArn } = this.table
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.scheduleGroup.scheduleGroupName}/*`,
    })
    return [
      new PolicyStatement({
        actions: ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`),
        resources: [tableArn],
      }),
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [indexes.listing, indexes.due].map(({ name }) => `${tableArn}/index/${name}`),
      }),
      new PolicyStatement({
        actions: ['CreateSchedule', 'GetSchedule', 'DeleteSchedule'].map((action) => `scheduler:${action}`),
        resources: [schedules],
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.schedulerRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    ]
  }

  /** Who EventBridge is when it invokes the function: for schedules of this group, and nobody else's. */
  private makeSchedulerRole(): Role {
    const role = new Role(this, 'SchedulerRole', {
      description: 'EventBridge Scheduler, waking schedules of Punctual up',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': this.scheduleGroup.scheduleGroupArn },
        },
      }),
    })
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.wakeUpFunction.functionArn] }))
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetterQueue.queueArn] }))
    return role
  }

  private makeAlarms(topic: ITopic | undefined): void {
    const alarms: [string, IMetric, string][] = [
      [
        'DeadLettersAlarm',
        this.metricDeadLetters(),
        'EventBridge could not hand wake-ups over to the function; the sweep has delivered them late.',
      ],
      [
        'FailuresAlarm',
        this.metricFailures(),
        'The function could not pass wake-ups on to the service; the sweep has delivered them late.',
      ],
      ['ErrorsAlarm', this.metricErrors(), 'The function could not reach the service, or was refused by it.'],
      ['ThrottlesAlarm', this.metricThrottles(), 'The function may not run as often as wake-ups come: raise the account’s concurrency.'],
    ]
    for (const [id, metric, alarmDescription] of alarms) {
      const alarm = new Alarm(this, id, {
        metric,
        alarmDescription,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      })
      if (topic !== undefined) alarm.addAlarmAction(new SnsAction(topic))
    }
  }
}

/** Encrypted, by TLS only, and kept for as long as SQS keeps anything. */
function makeQueue(scope: Construct, id: string): Queue {
  return new Queue(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) })
}

function makeFunction(scope: Construct, props: PunctualProps, failureQueue: Queue): LambdaFunction {
  const { publicUrl, vpc, vpcSubnets, securityGroups, logRetention = RetentionDays.ONE_MONTH } = props
  const logGroup = new LogGroup(scope, 'Log', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY })
  const role = new Role(scope, 'WakeUpRole', {
    description: 'The function that passes wake-ups on to the service of Punctual',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    // Network interfaces in a VPC have no narrower policy.
    managedPolicies: vpc === undefined ? [] : [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole')],
  })
  logGroup.grantWrite(role)
  return new LambdaFunction(scope, 'WakeUp', {
    description: 'Passes wake-ups on to the service of Punctual',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: bundledCode(),
    handler: 'index.handler',
    memorySize: 256,
    timeout: functionTimeout,
    environment: { PUBLIC_URL: publicUrl },
    role,
    logGroup,
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
    onFailure: new SqsDestination(failureQueue),
    ...(vpc === undefined ? {} : { vpc, vpcSubnets, securityGroups }),
  })
}

/** The handler, bundled at synthesis. The directory goes when the process does: CDK has copied it by then. */
function bundledCode(): Code {
  const directory = mkdtempSync(join(tmpdir(), 'punctual-lambda-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  bundleHandler(directory)
  return Code.fromAsset(directory)
}
