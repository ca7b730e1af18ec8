import t from 'tap'
import { callerOf } from '../support/caller.ts'
import { application, composeService } from '../support/composed.ts'
import { startObedientOwner } from '../support/obedientOwner.ts'

await t.test('what happens is counted, under few labels', async (t) => {
  const owner = await startObedientOwner(t)
  const applications = [application('blog', { allowedOrigins: [owner.origin] })]
  const { app, start, reconfigure } = await composeService(t, { applications })
  start()
  const { ask, post, waitForStatus } = callerOf(app)
  const to = (path: string): object => ({ url: owner.origin + path })
  const metrics = async (): Promise<string> => (await app.inject('/metrics')).payload
  const valueOf = async (series: string): Promise<number> =>
    Number(
      (await metrics())
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    )

  await post({ name: 'a', delaySeconds: 0, target: to('/ok') })
  await post({ name: 'b', delaySeconds: 0, target: to('/gone') })
  await post({ name: 'c', delaySeconds: 0, target: to('/busy'), retry: { initialDelaySeconds: 60 }, expiresAfterSeconds: 1 })
  await post({ name: 'd', delaySeconds: 3600, target: to('/ok') })
  await post({ name: 'e', delaySeconds: 0, target: to('/hold') })
  await waitForStatus('a', 'delivered')
  await waitForStatus('b', 'failed')
  await waitForStatus('c', 'expired')
  await waitForStatus('e', 'delivering')
  await ask({ path: '/nothing/of/this/kind' })

  for (const [series, value] of [
    ['punctual_attempts_total{application="blog",outcome="delivered"}', 1],
    ['punctual_attempts_total{application="blog",outcome="failed"}', 1],
    ['punctual_attempts_total{application="blog",outcome="retry"}', 1],
    ['punctual_lateness_seconds_count{application="blog"}', 3],
    ['punctual_expired_total{application="blog"}', 1],
    ['punctual_sweep_rescued_total{application="blog"}', 0],
    ['punctual_schedules{application="blog",status="scheduled"}', 1],
    ['punctual_schedules{application="blog",status="delivering"}', 1],
    ['punctual_schedules{application="blog",status="delivered"}', 1],
    ['punctual_schedules{application="blog",status="failed"}', 1],
    ['punctual_schedules{application="blog",status="expired"}', 1],
    ['punctual_deliveries_in_flight{application="blog"}', 1],
    ['punctual_held_wakeups', 0],
    ['punctual_failures_total', 0],
    ['punctual_http_request_seconds_count{method="POST",route="/schedules",status="201"}', 5],
    ['punctual_http_request_seconds_count{method="GET",route="none",status="404"}', 1],
  ] as const)
    t.equal(await valueOf(series), value, series)
  t.ok((await valueOf('punctual_store_commit_seconds_count')) > 0)
  t.equal(await valueOf('punctual_store_commit_seconds_count'), await valueOf('punctual_store_queue_seconds_count'))
  t.match(await metrics(), 'punctual_lateness_seconds_bucket{le="0.001",application="blog"}')
  t.match(await metrics(), /nodejs_eventloop_lag_p99_seconds \d/)
  t.notMatch(await metrics(), /nothing\/of|post-|name=/, 'no path, and no name, is a label')

  // Those who ask at the same time are told the same.
  const all = await Promise.all(Array.from({ length: 5 }, metrics))
  t.ok(all.every((text) => text.includes('punctual_schedules{application="blog",status="delivered"} 1')))
  reconfigure([...applications, application('shop')])
  t.equal(await valueOf('punctual_expired_total{application="shop"}'), 0, 'an application that has come is there from the start')
  await owner.release(1)
  await waitForStatus('e', 'delivered')
  t.equal(await valueOf('punctual_deliveries_in_flight{application="blog"}'), 0)
})
