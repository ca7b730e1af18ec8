import createClient from 'openapi-fetch'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import type { paths } from '../../openapi/openapi.d.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startOwner } from '../support/owner.ts'
import { startService } from '../support/service.ts'

await t.test('the OpenAPI document is all that a typed client needs, and a library all that an owner needs', async (t) => {
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const service = await startService({ dataDir: emptyDirectory(t) })
  t.teardown(() => service.end('SIGKILL'))
  const signingSecret = /signing secret +(\S+)/.exec(service.output())?.[1] ?? ''
  const punctual = createClient<paths>({ baseUrl: service.url })
  const target = { url: `${owner.origin}/hooks/publish` }

  const created = await punctual.POST('/schedules', {
    body: { name: 'post-42', at: '2031-07-01T09:00:00', timeZone: 'Asia/Kolkata', target, payload: { postId: 42 } },
  })
  t.equal(created.data?.at, '2031-07-01T03:30:00.000Z')
  const path = { name: 'post-42' }
  const etag = created.response.headers.get('etag') ?? ''
  const changed = await punctual.PATCH('/schedules/{name}', {
    params: { path, header: { 'if-match': etag } },
    body: { delaySeconds: 3600, payload: { postId: 43 } },
  })
  t.equal(changed.data?.status, 'scheduled')
  const lost = await punctual.PATCH('/schedules/{name}', { params: { path, header: { 'if-match': etag } }, body: { delaySeconds: 1 } })
  t.equal(lost.error?.code, 'precondition_failed')

  await punctual.POST('/schedules/{name}/run', { params: { path } })
  const [call] = await owner.waitForCalls(1)
  if (call === undefined) throw new Error('nothing came')
  t.same(new Webhook(signingSecret).verify(call.body, { ...call.headers }), { postId: 43 })
  t.throws(() => new Webhook(signingSecret).verify(call.body.replace('43', '44'), { ...call.headers }))

  const { data: batch } = await punctual.POST('/schedules/batch', {
    body: {
      items: [
        { name: 'a.1', delaySeconds: 60, target },
        { name: 'a.2', delaySeconds: 60, target, ifExists: 'keep' },
      ],
    },
  })
  t.same(
    batch?.results.map(({ status, schedule }) => [status, schedule?.name]),
    [
      [201, 'a.1'],
      [201, 'a.2'],
    ],
  )
  const { data: list } = await punctual.GET('/schedules', { params: { query: { namePrefix: 'a.', limit: 10 } } })
  t.equal(list?.items.length, 2)
  t.same((await punctual.DELETE('/schedules', { params: { query: { namePrefix: 'a.' } } })).data, { canceled: 2, skipped: 0 })
  const missing = await punctual.GET('/schedules/{name}', { params: { path: { name: 'nothing' } } })
  t.equal(missing.error?.code, 'not_found')
  // @ts-expect-error -- what the API does not take, the types do not, either
  t.equal((await punctual.POST('/schedules', { body: { delaySeconds: '1', target } })).error?.code, 'invalid_request')
})
