import t from 'tap'
import { makeHandOver } from '../../../src/adapters/aws/handOver.ts'
import { makeCallbackTokens } from '../../../src/adapters/system/callbackTokens.ts'
import { makeRecordingObserver } from '../../support/observer.ts'
import { startOwner } from '../../support/owner.ts'

const tokens = makeCallbackTokens('a secret of at least thirty-two bytes')
const wakeUps = Array.from({ length: 100 }, (_, index) => ({ application: 'blog', name: `post-${index}`, id: `id-${index}` }))

t.jobs = 4

void t.test('each is offered with its own token until somebody takes it', async (t) => {
  const seen = new Map<string, number>()
  // Every other request meets a process that is stopping.
  const service = await startOwner(({ url }, response) => {
    const time = (seen.get(url) ?? 0) + 1
    seen.set(url, time)
    response.writeHead(time % 2 === 1 ? 503 : 202).end()
  })
  t.teardown(() => service.close())
  const observer = makeRecordingObserver()
  const { handOver, close } = makeHandOver({ publicUrl: `${service.origin}/base`, tokens, observer })
  for (const wakeUp of wakeUps) handOver(wakeUp)
  await close()
  t.same(observer.failures, [])
  t.equal(service.calls.length, 200)
  const [first] = wakeUps
  t.match(
    service.calls.find(({ url }) => url === '/base/callbacks/blog/post-0'),
    { method: 'POST', headers: { authorization: `Bearer ${first && tokens.tokenOf(first)}` }, body: '{"id":"id-0"}' },
  )
})

void t.test('what needs nobody any more is not offered again', async (t) => {
  const statuses = [200, 404]
  const service = await startOwner((_call, response) => response.writeHead(statuses.pop() ?? 500).end())
  t.teardown(() => service.close())
  const observer = makeRecordingObserver()
  const { handOver, close } = makeHandOver({ publicUrl: service.origin, tokens, observer })
  for (const wakeUp of wakeUps.slice(0, 2)) handOver(wakeUp)
  await close()
  t.equal(service.calls.length, 2)
  t.same(observer.failures, [])
})

void t.test('where nobody is there, that is told once, and soon', async (t) => {
  const observer = makeRecordingObserver()
  const { handOver, close } = makeHandOver({ publicUrl: 'http://127.0.0.1:1', tokens, observer })
  const begun = performance.now()
  for (const wakeUp of wakeUps) handOver(wakeUp)
  await close()
  t.ok(performance.now() - begun < 5000)
  t.match(observer.failures, [{ what: /nobody has taken over 100 schedules/ }])
  t.equal(observer.failures.length, 1)
})

void t.test('a service that hangs holds nobody up for long, however many are offered', async (t) => {
  const service = await startOwner(() => undefined)
  t.teardown(() => service.close())
  const observer = makeRecordingObserver()
  const { handOver, close } = makeHandOver({ publicUrl: service.origin, tokens, observer })
  const begun = performance.now()
  for (let time = 0; time < 10; time++) for (const wakeUp of wakeUps) handOver(wakeUp)
  await close()
  t.ok(performance.now() - begun < 12_000)
  t.equal(observer.failures.length, 1)
})
