import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { addApplication, rotateKey, rotateSecret } from '../../src/cli/applications.ts'
import { apiOf } from '../support/api.ts'
import { runCli } from '../support/cli.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startOwner } from '../support/owner.ts'
import { startService } from '../support/service.ts'

interface File {
  readonly applications: Record<string, { readonly apiKeyHashes: string[]; readonly signingSecrets: string[] }>
}

const credentialsIn = (stdout: string): { key: string; secret: string } => ({
  key: /api key +(\S+)/.exec(stdout)?.[1] ?? '',
  secret: /signing secret +(\S+)/.exec(stdout)?.[1] ?? '',
})

/** A directory for an applications file, and the command line for it. */
function setUp(t: Test) {
  const directory = emptyDirectory(t)
  const file = join(directory, 'applications.json')
  return {
    file,
    directory,
    application: (...args: string[]) => runCli(['application', ...args], { APPLICATIONS_FILE: file }),
    read: (): File => JSON.parse(readFileSync(file, 'utf8')) as File,
  }
}

await t.test('application add makes the file, for its owner alone; of the key only a hash is in it', async (t) => {
  const { file, directory, application, read } = setUp(t)
  const { code, stdout } = await application('add', 'blog', '--origin', 'http://main-server:3000', 'https://other.example.com')
  t.equal(code, 0)
  const { key, secret } = credentialsIn(stdout)
  t.match(key, /^punctual_[\w-]{43}$/)
  t.match(secret, /^whsec_/)
  t.notMatch(readFileSync(file, 'utf8'), key)
  t.match(read(), {
    applications: { blog: { allowedOrigins: ['http://main-server:3000', 'https://other.example.com'], signingSecrets: [secret] } },
  })
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.equal((await application('add', 'shop', '--origin', 'http://shop:1')).code, 0)
  t.same(Object.keys(read().applications), ['blog', 'shop'])
  t.same(readdirSync(directory), ['applications.json'], 'nothing is left behind')
})

await t.test('what would not be a usable file is not written', async (t) => {
  const { file, application } = setUp(t)
  await addApplication(file, 'blog', ['http://main-server:3000'])
  const before = readFileSync(file, 'utf8')
  const keep = { dropOld: false }
  for (const [attempt, message] of [
    [() => addApplication(file, 'blog', ['http://x:1']), /has an application blog already/],
    [() => addApplication(file, 'shop', ['main-server']), /"main-server" is not an origin/],
    [() => addApplication(file, 'a b', ['http://x:1']), /"a b"/],
    [() => addApplication(file, '__proto__', ['http://x:1']), /__proto__/],
    [() => rotateKey(file, 'shop', keep), /no application shop. It has blog/],
    [() => rotateSecret(file, 'constructor', keep), /no application constructor/],
  ] as const) {
    await t.rejects(attempt(), { name: 'StartRefused', message })
    t.equal(readFileSync(file, 'utf8'), before)
  }
  writeFileSync(file, '{ "applications": "whsec_secret"')
  const { code, stderr } = await application('rotate-key', 'blog')
  t.equal(code, 1)
  t.match(stderr, /it is not JSON/)
  t.notMatch(stderr, 'whsec_secret')
})

await t.test('check-config says what is wrong, all at once, or that nothing is', async (t) => {
  const { file, application } = setUp(t)
  await application('add', 'blog', '--origin', 'http://main-server:3000')
  const usable = await runCli(['check-config'], { APPLICATIONS_FILE: file })
  t.match(usable, { code: 0, stderr: /usable: engine embedded, applications blog/ })
  const unusable = await runCli(['check-config'], { APPLICATIONS_FILE: `${file}.none`, PORT: 'x', ENGINE: 'aws' })
  t.equal(unusable.code, 1)
  t.match(unusable.stderr, /PORT[^]*APPLICATIONS_FILE[^]*TABLE_NAME/)
})

await t.test('keys, secrets and applications change while the service runs, without a gap', async (t) => {
  const { file, application } = setUp(t)
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const first = credentialsIn((await application('add', 'blog', '--origin', owner.origin)).stdout)
  const service = await startService({ dataDir: emptyDirectory(t), env: { APPLICATIONS_FILE: file } })
  t.teardown(() => service.end('SIGKILL'))
  let reloads = 0
  async function reload(expected = 'has been read again'): Promise<void> {
    process.kill(service.pid, 'SIGHUP')
    reloads++
    while (service.output().split(/has been read again|is not usable/).length <= reloads)
      await new Promise((resolve) => setTimeout(resolve, 10))
    t.match(
      service
        .output()
        .split('\n')
        .findLast((line) => line.includes('applications file')),
      expected,
    )
  }
  const statusWith = async (key: string): Promise<number> =>
    (await fetch(`${service.url}/schedules`, { headers: { authorization: `Bearer ${key}` } })).status
  const isSignedBy = (secret: string, { body, headers }: (typeof owner.calls)[number]): boolean => {
    try {
      new Webhook(secret).verify(body, { ...headers })
      return true
    } catch {
      return false
    }
  }

  const second = credentialsIn((await application('rotate-key', 'blog')).stdout)
  const secondSecret = credentialsIn((await application('rotate-secret', 'blog')).stdout).secret
  t.equal(await statusWith(second.key), 401, 'not before it is told')
  await reload()
  t.equal(await statusWith(first.key), 200)
  t.equal(await statusWith(second.key), 200)
  await apiOf(service.url, second.key).create({ name: 'both', delaySeconds: 0, target: { url: owner.origin }, payload: 1 })
  const [call] = await owner.waitForCalls(1)
  t.ok(call !== undefined && isSignedBy(first.secret, call) && isSignedBy(secondSecret, call))

  const third = credentialsIn((await application('rotate-key', 'blog', '--drop-old')).stdout)
  const thirdSecret = credentialsIn((await application('rotate-secret', 'blog', '--drop-old')).stdout).secret
  const shop = credentialsIn((await application('add', 'shop', '--origin', owner.origin)).stdout)
  await reload()
  t.same(await Promise.all([first.key, second.key, third.key, shop.key].map(statusWith)), [401, 401, 200, 200])
  await apiOf(service.url, third.key).create({ name: 'new', delaySeconds: 0, target: { url: owner.origin }, payload: 1 })
  await apiOf(service.url, shop.key).create({ name: 'of-a-new-application', delaySeconds: 0.2, target: { url: owner.origin } })
  const [latest] = await owner.waitForCalls(1, 'new')
  t.ok(latest !== undefined && isSignedBy(thirdSecret, latest) && !isSignedBy(secondSecret, latest))
  await owner.waitForCalls(1, 'of-a-new-application')

  writeFileSync(file, '{}')
  await reload('is not usable')
  t.equal(await statusWith(third.key), 200, 'everything stays as it was')
})
