import { CfnOutput, Stack, type StackProps, Token, Validations } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Punctual, type PunctualProps } from './punctual.ts'

/** Punctual's part of an AWS account, with the outputs that the service reads. */
export class PunctualStack extends Stack {
  readonly punctual: Punctual

  constructor(scope: Construct, id: string, props: PunctualProps & StackProps) {
    super(scope, id, { description: 'Punctual: schedules, and what wakes them up', ...props })
    const punctual = new Punctual(this, 'Punctual', props)
    this.punctual = punctual
    this.output('TableName', punctual.table.tableName)
    this.output('ScheduleGroupName', punctual.scheduleGroup.scheduleGroupName)
    this.output('LambdaArn', punctual.wakeUpFunction.functionArn)
    this.output('SchedulerRoleArn', punctual.schedulerRole.roleArn)
    this.output('DeadLetterQueueArn', punctual.deadLetterQueue.queueArn)
    this.output('ServicePolicyArn', punctual.servicePolicy.managedPolicyArn)
    // The service compares: a function that was deployed for another one would be no use to it.
    this.output('PublicUrl', props.publicUrl)
    this.acknowledgeFindings()
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value })
  }

  /** What cdk-nag's AwsSolutions rules find, and why it is as it should be. */
  private acknowledgeFindings(): void {
    const { deadLetterQueue, failureQueue, servicePolicy, scheduleGroup, wakeUpFunction } = this.punctual
    for (const queue of [deadLetterQueue, failureQueue]) {
      Validations.of(queue).acknowledge({
        id: 'AwsSolutions-SQS3',
        reason: 'It is where the undelivered messages of others end: there is nothing behind it.',
      })
    }
    const schedules = `arn:<AWS::Partition>:scheduler:${this.region}:${this.account}:schedule/${scheduleGroup.scheduleGroupName}/*`
    Validations.of(servicePolicy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${asFound(schedules, this)}]`,
      reason: 'Schedules are made and deleted one by one, under names of their own: all of this one group, and of no other.',
    })
    if (!wakeUpFunction.isBoundToVpc || wakeUpFunction.role === undefined) return
    Validations.of(wakeUpFunction.role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]',
      reason: 'The network interfaces of a function in a VPC have no names that a narrower policy could have.',
    })
  }
}

/** An ARN as cdk-nag writes it: what is only known when the stack is deployed has a name in angle brackets. */
function asFound(arn: string, { region, account }: Stack): string {
  const named = Token.isUnresolved(region) ? arn.replace(region, '<AWS::Region>') : arn
  return Token.isUnresolved(account) ? named.replace(account, '<AWS::AccountId>') : named
}
