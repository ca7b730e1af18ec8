import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { emptyDirectory, type Scope } from '../directory.ts'
import { freePort } from '../freePort.ts'
import { pythonEnvironment } from '../python.ts'

const root = resolve(import.meta.dirname, '../../..')

/** What `test/aws/install.ts` installs. */
export const emulators = pythonEnvironment('punctual-emulators', 'test/aws/requirements.txt')

export const region = 'eu-west-1'

/** What makes the SDK, the CLI and the service talk to an emulator, and to nobody else. */
export function awsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  }
}

/** ministack: DynamoDB, CloudFormation, a Scheduler that fires into real processes of Node.js. Looks every ten seconds. */
export async function startMinistack(t: Scope): Promise<string> {
  const port = await freePort()
  const directory = emptyDirectory(t)
  for (const each of ['tmp', 's3', 'state']) mkdirSync(resolve(directory, each))
  const env = {
    HOME: directory,
    TMPDIR: resolve(directory, 'tmp'),
    S3_DATA_DIR: resolve(directory, 's3'),
    STATE_DIR: resolve(directory, 'state'),
    // On this machine only: by default it listens everywhere.
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_REGION: region,
    PERSIST_STATE: '0',
    S3_PERSIST: '0',
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    LAMBDA_EXECUTOR: 'local',
    DOCKER_HOST: `unix://${resolve(directory, 'no-docker.sock')}`,
    LOG_LEVEL: 'WARNING',
  }
  return start(t, 'ministack', [], env, port, '/_ministack/ready')
}

// Its own command answers each request in a thread and checks a condition before it writes without a lock between the
// two, so that of two conditional writes at once both may win; DynamoDB answers one. So: one request after the other.
const serveMoto = `
import sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
run_simple('127.0.0.1', int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
`

/** moto: DynamoDB by other people. */
export async function startMoto(t: Scope): Promise<string> {
  const port = await freePort()
  return start(t, 'python', ['-c', serveMoto, String(port)], { HOME: emptyDirectory(t), MOTO_PORT: String(port) }, port, '/moto-api/')
}

async function start(t: Scope, program: string, args: string[], env: Record<string, string>, port: number, path: string): Promise<string> {
  const child: ChildProcess = spawn(resolve(emulators.directory, 'bin', program), args, {
    // The functions that it runs are run by the first Node.js there is.
    env: {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      PYTHONUNBUFFERED: '1',
      ...env,
    },
    stdio: 'ignore',
  })
  t.teardown(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  })
  const endpoint = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} has ended with ${child.exitCode}`)
    const ready = await fetch(endpoint + path).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return endpoint
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Runs the CDK's command line as an operator would, against an emulator. */
export async function cdk(endpoint: string, directory: string, publicUrl: string, args: readonly string[]): Promise<void> {
  const program = resolve(root, 'node_modules/aws-cdk/bin/cdk')
  const env = {
    ...awsEnvironment(endpoint),
    PUBLIC_URL: publicUrl,
    HOME: directory,
    TMPDIR: directory,
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: '1',
    CI: 'true',
  }
  await promisify(execFile)(process.execPath, [program, ...args, '--no-notices', '--output', resolve(directory, 'cdk.out')], {
    cwd: root,
    env,
  })
}
