import t from 'tap'
import { makeOwnerClient } from '../../src/delivery/ownerClient.ts'
import { type Application, type Applications, makeApplications } from '../../src/domain/application.ts'
import { ownerContract } from '../contract/owner.ts'
import { startOwner } from '../support/owner.ts'
import { callTo } from '../support/schedules.ts'

function blog(fields: Partial<Application>): Applications {
  const application = { name: 'blog', apiKeyHashes: [], allowedOrigins: [], signingSecrets: [], maxConcurrentDeliveries: 64, ...fields }
  return makeApplications([application])
}

const deadlineMs = 400
const options = { userAgent: 'punctual/test', deadlineMs, now: () => Date.now() }

await t.test('contract', async (t) =>
  ownerContract(t, async (t, { origin, signingSecrets }) => {
    const owner = makeOwnerClient(blog({ allowedOrigins: [origin], signingSecrets }), options)
    t.teardown(() => owner.close())
    return { owner, deadlineMs }
  }),
)

await t.test('what is under way when it is closed ends as interrupted', async (t) => {
  const server = await startOwner(() => undefined)
  t.teardown(() => server.close())
  const owner = makeOwnerClient(blog({ allowedOrigins: [server.origin] }), { ...options, deadlineMs: 15_000 })
  const result = owner.deliver(callTo(server.origin))
  await server.waitForCalls(1)
  await owner.close()
  t.match(await result, { verdict: 'interrupted' })
})

await t.test('how much an owner may say is counted for each answer, and not for a connection', async (t) => {
  const server = await startOwner((_call, response) => response.end('x'.repeat(60_000)))
  t.teardown(() => server.close())
  const owner = makeOwnerClient(blog({ allowedOrigins: [server.origin] }), options)
  t.teardown(() => owner.close())
  for (let count = 0; count < 20; count++) t.match(await owner.deliver(callTo(server.origin)), { verdict: 'delivered' })
  t.ok(server.connections() <= 2)
})

await t.test('connections are used again', async (t) => {
  const server = await startOwner()
  t.teardown(() => server.close())
  const owner = makeOwnerClient(blog({ allowedOrigins: [server.origin] }), options)
  t.teardown(() => owner.close())
  for (let count = 0; count < 20; count++) await owner.deliver(callTo(server.origin))
  // Its connection falls free a moment after an answer is complete, so that the next call may find it taken.
  t.ok(server.connections() <= 2)
})
