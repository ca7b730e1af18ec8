import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { ContainerImage, Secret as ContainerSecret, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import t from 'tap'
import { addPunctualSidecar } from '../../infra/sidecar.ts'
import { PunctualStack } from '../../infra/stack.ts'
import { emptyDirectory } from '../support/directory.ts'

const stack = new PunctualStack(new App(), 'Test', { publicUrl: 'https://punctual.example.com' })
const task = new FargateTaskDefinition(stack, 'Task')
task.addContainer('main', { image: ContainerImage.fromRegistry('main') })
const secret = (id: string): ContainerSecret => ContainerSecret.fromSecretsManager(new Secret(stack, id))
addPunctualSidecar(task, {
  punctual: stack.punctual,
  image: ContainerImage.fromRegistry('punctual'),
  applications: secret('Applications'),
  callbackSecret: secret('CallbackSecret'),
})
const template = Template.fromStack(stack)

interface Container {
  readonly Name: string
  readonly Command: readonly string[]
  readonly Environment: readonly { readonly Name: string }[]
}

const [definition] = Object.values(template.findResources('AWS::ECS::TaskDefinition'))
const containers = (definition?.Properties.ContainerDefinitions ?? []) as Container[]
const container = containers.find(({ Name }) => Name === 'punctual')

await t.test('the sidecar is told all that the AWS engine needs, and its secrets as secrets', async (t) => {
  t.same(
    new Set(container?.Environment.map(({ Name }) => Name)),
    new Set([
      'ENGINE',
      'HOST',
      'PORT',
      'PUBLIC_URL',
      'TABLE_NAME',
      'SCHEDULE_GROUP_NAME',
      'LAMBDA_ARN',
      'SCHEDULER_ROLE_ARN',
      'DEAD_LETTER_QUEUE_ARN',
    ]),
  )
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: Match.arrayWith([
      Match.objectLike({
        Name: 'punctual',
        StopTimeout: 15,
        Secrets: [Match.objectLike({ Name: 'APPLICATIONS' }), Match.objectLike({ Name: 'CALLBACK_SECRET' })],
      }),
    ]),
  })
})

await t.test('its task may do what the service does', async () => {
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['scheduler:CreateSchedule']) })]) },
    Roles: [Match.objectLike({ Ref: Match.stringLikeRegexp('^Task') })],
  })
})

await t.test('its start script hands the applications over as a file that nobody else reads', async (t) => {
  const directory = emptyDirectory(t)
  const [type = '', flag = '', script = ''] = container?.Command ?? []
  // As in the image, but for where things are.
  const here = script
    .replace('/data/', `${directory}/`)
    .replace("await import('/app/src/main.ts')", 'console.log(process.env.APPLICATIONS_FILE, process.env.APPLICATIONS)')
  const child = spawn(process.execPath, [type, flag, here], { env: { APPLICATIONS: '{"applications":{}}' } })
  const output = Buffer.concat(await child.stdout.toArray()).toString()
  const file = join(directory, 'applications.json')
  t.equal(output, `${file} undefined\n`)
  t.equal(readFileSync(file, 'utf8'), '{"applications":{}}')
})
