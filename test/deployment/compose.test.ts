import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { DCLinter } from 'dclint'
import t from 'tap'
import { parse } from 'yaml'
import { readConfig } from '../../src/config.ts'
import { callerOf } from '../support/caller.ts'
import { application, composeService, keys } from '../support/composed.ts'
import { emptyDirectory } from '../support/directory.ts'

interface Mount {
  readonly type: string
  readonly source: string
  readonly target: string
  readonly read_only?: boolean
}

/** As much of a service in compose.yaml as is looked at. */
interface ComposeService {
  readonly image?: string
  readonly command?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly volumes: readonly (string | Mount)[]
  readonly ports?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly stop_grace_period?: string
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

interface Compose {
  readonly services: { readonly punctual: ComposeService; readonly 'main-server': ComposeService }
  readonly volumes: Readonly<Record<string, null>>
}

const root = new URL('../../', import.meta.url).pathname
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const text = read('compose.yaml')
const compose = parse(text) as Compose
const { punctual, 'main-server': mainServer } = compose.services
const [dockerfile, readme] = [read('Dockerfile'), read('README.md')]

/** What an instruction of the Dockerfile says, such as EXPOSE. */
const instruction = (name: string): string => new RegExp(`^${name} (.+)$`, 'm').exec(dockerfile)?.[1] ?? ''

/** What the image has in its environment. */
const imageEnvironment = Object.fromEntries(
  [...(/^ENV ((?:.+\\\n)*.+)$/m.exec(dockerfile)?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
)

/** How the first lines say that the application is made, as commands. */
const preparation = [...text.matchAll(/^# {3}(.+)$/gm)].map(([, line = '']) => line).join('\n')

const mountsOf = ({ volumes }: ComposeService): Mount[] =>
  volumes.map((volume) => {
    if (typeof volume !== 'string') return volume
    const [source = '', target = ''] = volume.split(':')
    return { type: source.startsWith('.') ? 'bind' : 'volume', source, target }
  })
const mounts = mountsOf(punctual)
const applicationsFile = punctual.environment.APPLICATIONS_FILE ?? ''

/** As much of the linter's types as is used: its own refer to each other in a way that is not resolved here. */
interface Linter {
  lintFiles(paths: string[], recursive: boolean): { readonly messages: { readonly type: string }[] }[]
}

await t.test('compose.yaml is as the Compose Specification has it, and its linter finds no error', async (t) => {
  const linter: Linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] })
  const [result] = linter.lintFiles([join(root, 'compose.yaml')], false)
  // What it only warns of is a matter of taste, such as the order of keys.
  t.same(
    result?.messages.filter(({ type }) => type === 'error'),
    [],
  )
})

await t.test('its first lines make the application, with the key and the secret that the main server is told', async (t) => {
  const directory = emptyDirectory(t)
  const commands = preparation
    .split('\n')
    .filter((line) => !line.startsWith('sudo '))
    .join('\n')
    .replace('npx punctual', `"${process.execPath}" "${join(root, 'src/cli.ts')}"`)
  const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: directory,
    env: { PATH: process.env.PATH, NODE_OPTIONS: '' },
    encoding: 'utf8',
  })
  t.equal(status, 0, stderr)
  const dotEnv = readFileSync(join(directory, '.env'), 'utf8')
  const made = Object.fromEntries(
    dotEnv
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  const wanted = Object.values(mainServer.environment).flatMap((value) => /^\$\{(\w+):\?/.exec(value)?.[1] ?? [])
  t.same(Object.keys(made).toSorted(), wanted.toSorted())
  t.match(made, { PUNCTUAL_API_KEY: /^punctual_/, PUNCTUAL_SIGNING_SECRET: /^whsec_/ })
  t.equal(statSync(join(directory, '.env')).mode & 0o777, 0o600)

  await t.test('and in the container the service finds it, is reached by others, and may call the main server', async (t) => {
    const { source, target } = mounts.find(({ type }) => type === 'bind') ?? { source: '', target: '' }
    const onHost = join(directory, source, applicationsFile.slice(target.length))
    const config = readConfig({ ...imageEnvironment, ...punctual.environment, APPLICATIONS_FILE: onHost })
    t.match(config, { host: '0.0.0.0', port: 8080, engine: { kind: 'embedded', dataDir: '/data' } })
    t.match(config.applications, [
      { allowedOrigins: [`http://main-server:${mainServer.environment.PORT}`], signingSecrets: [made.PUNCTUAL_SIGNING_SECRET] },
    ])
  })
})

await t.test('every variable that the service is given is one that it reads', async (t) => {
  for (const variable of Object.keys(punctual.environment)) t.match(read('src/config.ts'), new RegExp(`^ {4}${variable}: `, 'm'), variable)
})

await t.test('ports are those of the image, and nothing is published but to this machine', async (t) => {
  const port = instruction('EXPOSE')
  t.equal(imageEnvironment.PORT, port)
  t.same(punctual.ports, [`127.0.0.1:${port}:${port}`])
  t.equal(mainServer.environment.PUNCTUAL_URL, `http://punctual:${port}`)
  t.equal(mainServer.ports, undefined)
  t.equal(mainServer.environment.OWN_NAME, 'main-server')
})

await t.test('paths are those of the image and of the README; nothing else can be written to', async (t) => {
  const store = mounts.find(({ target }) => target === instruction('VOLUME'))
  t.equal(store?.target, imageEnvironment.DATA_DIR)
  t.ok(store?.source !== undefined && store.source in compose.volumes, 'the store is on a named volume')
  t.match(readme, `APPLICATIONS_FILE=${applicationsFile}`)
  const others = mounts.filter((mount) => mount !== store)
  t.same(
    others.map(({ target, read_only: readOnly }) => [target, readOnly]),
    [[dirname(applicationsFile), true]],
  )
  t.equal(punctual.read_only, true)
})

await t.test('the service has no rights that it does not need, and its image a user without any', async (t) => {
  t.match(punctual, { cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  t.equal(instruction('USER'), 'node')
  t.notOk('user' in punctual || 'privileged' in punctual || 'cap_add' in punctual)
})

await t.test('a stop is given longer than the service takes at most', async (t) => {
  const graceSeconds = Number(/^(\d+)s$/.exec(punctual.stop_grace_period ?? '')?.[1])
  // The signal's handler ends the process after this, whatever else.
  const longestMs = Number(/closeWithGrace\(\{ delay: ([\d_]+)/.exec(read('src/main.ts'))?.[1]?.replace('_', ''))
  t.ok(graceSeconds * 1000 > longestMs, `${graceSeconds} s for ${longestMs} ms`)
  t.match(readme, `--stop-timeout ${graceSeconds}`)
})

await t.test('the main server waits for the health check of the image, and runs on the same Node.js', async (t) => {
  t.equal(mainServer.depends_on?.punctual?.condition, 'service_healthy')
  t.match(instruction('HEALTHCHECK'), /interval/)
  t.notOk('healthcheck' in punctual)
  t.equal(instruction('FROM').split(' ')[0], mainServer.image)
})

await t.test('no secret gets into the repository, or into the image', async (t) => {
  t.match(read('.gitignore'), /^secrets\/$[^]*^\.env$/m)
  t.match(read('.dockerignore'), /^\*$/m)
  t.notMatch(read('.dockerignore'), /!(?:secrets|\.env)/)
})

await t.test('the main server is called as it has asked, and takes a call once', async (t) => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const applications = [application('blog', { allowedOrigins: 'loopback', signingSecrets: [secret] })]
  const service = await composeService(t, { applications })
  const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
  service.start()
  const [file] = mountsOf(mainServer)
  t.equal(mainServer.command?.at(-1), file?.target)
  const child = spawn(process.execPath, [join(root, file?.source ?? '')], {
    env: { PORT: '0', PUNCTUAL_URL: address, PUNCTUAL_API_KEY: keys.blog, PUNCTUAL_SIGNING_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill())
  const printed = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string | undefined> => (await printed.next()).value
  const url = (await nextLine())?.replace('listening ', '') ?? ''
  t.match(await nextLine(), 'scheduled 201')
  const { ask, waitForStatus } = callerOf(service.app)
  await ask({ method: 'POST', path: '/schedules/hello/run' })
  t.equal(await nextLine(), 'called /hooks/hello {"text":"hello"}')
  await waitForStatus('hello', 'delivered')
  // Again, with the same webhook-id: it is answered, and nothing is done.
  await ask({ method: 'POST', path: '/schedules/hello/run' })
  while ((await ask({ path: '/schedules/hello' })).json().attempts.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  t.match(await waitForStatus('hello', 'delivered'), { attempts: [{ statusCode: 204 }, { statusCode: 204 }] })
  const forged = { 'webhook-id': 'x', 'webhook-timestamp': String(Math.round(Date.now() / 1000)), 'webhook-signature': 'v1,x' }
  t.equal((await fetch(url, { method: 'POST', headers: forged, body: '{}' })).status, 401)
  child.kill()
  t.equal(await nextLine(), undefined, 'and has printed nothing else')
})
