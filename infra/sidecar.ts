import { Duration } from 'aws-cdk-lib'
import { type ContainerDefinition, type ContainerImage, LogDriver, type Secret, type TaskDefinition } from 'aws-cdk-lib/aws-ecs'
import type { Punctual } from './punctual.ts'

export interface SidecarProps {
  readonly punctual: Punctual
  /** The image of the service, built from the Dockerfile of this repository. */
  readonly image: ContainerImage
  /** The applications file: its JSON, as a secret. */
  readonly applications: Secret
  /** At least 32 bytes, the same for every replica. */
  readonly callbackSecret: Secret
  /** @default 8080 */
  readonly port?: number
}

/** A secret comes as a variable and is wanted as a file: written where only this container sees it, then forgotten. */
const startScript = [
  "import { writeFileSync } from 'node:fs'",
  "process.env.APPLICATIONS_FILE = '/data/applications.json'",
  'writeFileSync(process.env.APPLICATIONS_FILE, process.env.APPLICATIONS, { mode: 0o600 })',
  'delete process.env.APPLICATIONS',
  "await import('/app/src/main.ts')",
].join('\n')

/** Runs the service beside the containers of a task, such as those of the owning application, and lets the task do what it does. */
export function addPunctualSidecar(task: TaskDefinition, props: SidecarProps): ContainerDefinition {
  const { punctual, image, applications, callbackSecret, port = 8080 } = props
  punctual.grantSchedule(task.taskRole)
  return task.addContainer('punctual', {
    image,
    command: ['--input-type=module', '--eval', startScript],
    environment: {
      ENGINE: 'aws',
      HOST: '0.0.0.0',
      PORT: String(port),
      PUBLIC_URL: punctual.publicUrl,
      TABLE_NAME: punctual.table.tableName,
      SCHEDULE_GROUP_NAME: punctual.scheduleGroup.scheduleGroupName,
      LAMBDA_ARN: punctual.wakeUpFunction.functionArn,
      SCHEDULER_ROLE_ARN: punctual.schedulerRole.roleArn,
      DEAD_LETTER_QUEUE_ARN: punctual.deadLetterQueue.queueArn,
    },
    secrets: { APPLICATIONS: applications, CALLBACK_SECRET: callbackSecret },
    portMappings: [{ containerPort: port }],
    // Longer than the service takes to let deliveries end and to hand over what it holds.
    stopTimeout: Duration.seconds(15),
    healthCheck: {
      command: [
        'CMD',
        'node',
        '--eval',
        `fetch('http://127.0.0.1:${port}/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`,
      ],
      interval: Duration.seconds(10),
      startPeriod: Duration.seconds(10),
    },
    logging: LogDriver.awsLogs({ streamPrefix: 'punctual' }),
  })
}
