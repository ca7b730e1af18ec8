import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { apiOf } from '../support/api.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startOwner } from '../support/owner.ts'
import { startService } from '../support/service.ts'

const dataDir = emptyDirectory(t)
const service = await startService({ dataDir })
t.teardown(() => service.end('SIGKILL'))
const api = apiOf(service.url)
const secret = /signing secret +(\S+)/.exec(service.output())?.[1] ?? ''

await t.test('the owner is called on the instant, signed, exactly once', async (t) => {
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const { name, id, at } = await api.create({ delaySeconds: 1, target: { url: `${owner.origin}/hooks/publish` }, payload: { postId: 42 } })
  const [call] = await owner.waitForCalls(1)
  const lateness = (call?.receivedAt ?? 0) - Date.parse(at)
  t.ok(lateness >= 0 && lateness < 100, `${lateness} ms late`)
  t.match(call, { method: 'POST', url: '/hooks/publish', headers: { 'webhook-id': id, 'schedule-name': name } })
  t.same(new Webhook(secret).verify(call?.body ?? '', call?.headers ?? {}), { postId: 42 })
  t.match(await api.waitForStatus(name, 'delivered'), {
    attempts: [{ number: 1, outcome: 'delivered', statusCode: 200, responseBody: 'ok' }],
  })
  t.equal(owner.calls.length, 1)
})

await t.test('a delay of nothing is delivered at once', async (t) => {
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const begun = Date.now()
  await api.create({ delaySeconds: 0, target: { url: owner.origin } })
  const [call] = await owner.waitForCalls(1)
  t.ok((call?.receivedAt ?? 0) - begun < 500)
})

await t.test('an owner that fails is asked again, with the same id, until it takes it', async (t) => {
  const owner = await startOwner(({ headers }, response) => {
    response.statusCode = headers['schedule-attempt'] === '3' ? 200 : 500
    response.end()
  })
  t.teardown(() => owner.close())
  const { name, id } = await api.create({ delaySeconds: 0, target: { url: owner.origin }, retry: { initialDelaySeconds: 0.1 } })
  await owner.waitForCalls(3)
  const schedule = await api.waitForStatus(name, 'delivered')
  t.same(
    schedule.attempts.map(({ outcome }) => outcome),
    ['retry', 'retry', 'delivered'],
  )
  t.ok(owner.calls.every(({ headers }) => headers['webhook-id'] === id))
  const gaps = owner.calls.slice(1).map(({ receivedAt }, index) => receivedAt - (owner.calls[index]?.receivedAt ?? 0))
  t.ok((gaps[0] ?? 0) >= 80 && (gaps[1] ?? 0) >= 160, gaps.join(', '))
})

await t.test('an owner that never takes it has it as failed after the last attempt', async (t) => {
  const owner = await startOwner((_call, response) => response.writeHead(500).end())
  t.teardown(() => owner.close())
  const { name } = await api.create({
    delaySeconds: 0,
    target: { url: owner.origin },
    retry: { maxAttempts: 2, initialDelaySeconds: 0.05 },
  })
  const schedule = await api.waitForStatus(name, 'failed')
  t.same(
    schedule.attempts.map(({ outcome }) => outcome),
    ['retry', 'failed'],
  )
  t.equal(owner.calls.length, 2)
})

await t.test('410 is the end of it', async (t) => {
  const owner = await startOwner((_call, response) => response.writeHead(410).end())
  t.teardown(() => owner.close())
  const { name } = await api.create({ delaySeconds: 0, target: { url: owner.origin } })
  await api.waitForStatus(name, 'failed')
  t.equal(owner.calls.length, 1)
})

await t.test('an owner is not asked again before its Retry-After', async (t) => {
  const owner = await startOwner(({ headers }, response) => {
    if (headers['schedule-attempt'] === '1') response.writeHead(503, { 'retry-after': '1' }).end()
    else response.end()
  })
  t.teardown(() => owner.close())
  await api.create({ delaySeconds: 0, target: { url: owner.origin }, retry: { initialDelaySeconds: 0 } })
  const [first, second] = await owner.waitForCalls(2)
  t.ok((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0) >= 1000)
})

await t.test('a canceled schedule is never delivered', async (t) => {
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const canceled = await api.create({ delaySeconds: 0.3, target: { url: owner.origin } })
  const other = await api.create({ delaySeconds: 0.6, target: { url: owner.origin } })
  t.ok(await api.cancel(canceled.name))
  const [call] = await owner.waitForCalls(1)
  t.equal(call?.headers['webhook-id'], other.id)
  t.match(await api.read(canceled.name), { status: 'canceled', attempts: [] })
})

await t.test('what is being delivered, or has been, cannot be canceled', async (t) => {
  let answer: (() => void) | undefined
  const owner = await startOwner((_call, response) => {
    answer = () => response.end()
  })
  t.teardown(() => owner.close())
  const { name } = await api.create({ delaySeconds: 0, target: { url: owner.origin } })
  await owner.waitForCalls(1)
  const code = async (): Promise<unknown> => {
    const response = await fetch(`${service.url}/schedules/${name}`, { method: 'DELETE' })
    return [response.status, ((await response.json()) as { code: string }).code]
  }
  t.same(await code(), [409, 'being_delivered'])
  answer?.()
  await api.waitForStatus(name, 'delivered')
  t.same(await code(), [409, 'already_finished'])
})

await t.test('a thousand for one moment all come, once, and none of them early', async (t) => {
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const at = new Date(Date.now() + 3000).toISOString()
  await Promise.all(Array.from({ length: 1000 }, (_, index) => api.create({ name: `herd-${index}`, at, target: { url: owner.origin } })))
  const calls = await owner.waitForCalls(1000)
  t.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, 1000)
  t.ok(calls.every(({ receivedAt }) => receivedAt >= Date.parse(at)))
})

await t.test('with an applications file, each application has its own schedules, keys, secrets and targets', async (t) => {
  const [blog, shop] = [await startOwner(), await startOwner()]
  t.teardown(() => Promise.all([blog.close(), shop.close()]))
  const directory = emptyDirectory(t)
  const file = join(directory, 'applications.json')
  const digest = (key: string): string => `sha256:${createHash('sha256').update(key).digest('hex')}`
  const secretOf = (fill: number): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`
  writeFileSync(
    file,
    JSON.stringify({
      applications: {
        blog: { apiKeyHashes: [digest('old'), digest('new')], allowedOrigins: [blog.origin], signingSecrets: [secretOf(1), secretOf(2)] },
        shop: { apiKeyHashes: [digest('shop')], allowedOrigins: [shop.origin], signingSecrets: [secretOf(3)], maxConcurrentDeliveries: 1 },
      },
    }),
  )
  const tenants = await startService({ dataDir: join(directory, 'data'), env: { APPLICATIONS_FILE: file, HOST: '0.0.0.0' } })
  t.teardown(() => tenants.end('SIGKILL'))
  t.notMatch(tenants.output(), 'whsec_')
  const local = tenants.url.replace('0.0.0.0', '127.0.0.1')
  await apiOf(local, 'old').create({ name: 'post-42', delaySeconds: 0.2, target: { url: blog.origin }, payload: 'of the blog' })
  await apiOf(local, 'shop').create({ name: 'post-42', delaySeconds: 0.2, target: { url: shop.origin }, payload: 'of the shop' })
  const [[ofBlog], [ofShop]] = await Promise.all([blog.waitForCalls(1), shop.waitForCalls(1)])
  for (const fill of [1, 2]) t.same(new Webhook(secretOf(fill)).verify(ofBlog?.body ?? '', ofBlog?.headers ?? {}), 'of the blog')
  t.same(new Webhook(secretOf(3)).verify(ofShop?.body ?? '', ofShop?.headers ?? {}), 'of the shop')
  t.equal((await apiOf(local, 'new').list()).length, 1)
  t.equal((await fetch(`${local}/schedules`)).status, 401)
  const foreign = await fetch(`${local}/schedules`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer shop' },
    body: JSON.stringify({ delaySeconds: 0, target: { url: blog.origin } }),
  })
  t.equal(foreign.status, 403)
})
