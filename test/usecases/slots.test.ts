import t from 'tap'
import { makeSlots, type Release } from '../../src/usecases/slots.ts'

await t.test('an application has no more places than its limit, and gets them in the order of asking', async (t) => {
  const slots = makeSlots(() => 2)
  const order: number[] = []
  const held: Release[] = []
  const asked = [0, 1, 2, 3].map(async (who) => {
    held.push(await slots.acquire('blog'))
    order.push(who)
  })
  await Promise.all(asked.slice(0, 2))
  await new Promise((resolve) => setImmediate(resolve))
  t.same(order, [0, 1])
  held[0]?.()
  await asked[2]
  held[1]?.()
  await asked[3]
  t.same(order, [0, 1, 2, 3])
})

await t.test('one application does not wait for another', async () => {
  const slots = makeSlots(() => 1)
  await slots.acquire('hanging')
  const release = await slots.acquire('blog')
  release()
})

await t.test('a place that is given back twice is given back once', async (t) => {
  const slots = makeSlots(() => 1)
  const first = await slots.acquire('blog')
  first()
  first()
  await slots.acquire('blog')
  const third = slots.acquire('blog').then(() => 'third')
  t.equal(await Promise.race([third, new Promise((resolve) => setImmediate(resolve, 'waits'))]), 'waits')
})

await t.test('once it is closed, nobody who waits or comes later gets a place, and those who have one may give it back', async (t) => {
  const slots = makeSlots(() => 1)
  const first = await slots.acquire('blog')
  const waiting = slots.acquire('blog')
  slots.close(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
  first()
  t.equal(slots.taken('blog'), 0)
  await t.rejects(slots.acquire('blog'), { message: 'enough' })
})

await t.test('a limit that is changed holds for those who wait, too', async (t) => {
  let limit = 4
  const slots = makeSlots(() => limit)
  const releases: (() => void)[] = []
  for (let count = 0; count < 12; count++) void slots.acquire('blog').then((release) => releases.push(release))
  const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))
  await settled()
  t.equal(slots.taken('blog'), 4)
  limit = 1
  for (const release of releases.splice(0, 3)) release()
  await settled()
  t.equal(slots.taken('blog'), 1)
  t.equal(releases.length, 1)
  limit = 6
  slots.limitsChanged()
  await settled()
  t.equal(slots.taken('blog'), 6)
  while (releases.length > 0) {
    for (const release of releases.splice(0)) release()
    await settled()
  }
  t.equal(slots.taken('blog'), 0)
})
