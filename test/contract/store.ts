import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { cancel, claim, expire, reschedule, runNow, settle } from '../../src/domain/lifecycle.ts'
import type { ListQuery, ScheduleStore, Timeline } from '../../src/domain/ports.ts'
import { type Schedule, timelineStatuses } from '../../src/domain/schedule.ts'
import { lastInstant } from '../../src/domain/time.ts'
import { newSchedule } from '../support/schedules.ts'

/** About when the records of this suite are due: a store that asks for the time is to be told something near it. */
export const base = 1_800_000_000_000
const retentionMs = 30 * 24 * 3600_000

function delivered(schedule: Schedule): Schedule {
  const claimed = claim(schedule, schedule.at)
  return settle(
    claimed,
    { verdict: 'delivered', startedAt: schedule.at, durationMs: 3, statusCode: 200, responseBody: 'ok' },
    schedule.at + 3,
    0.5,
    retentionMs,
  )
}

function canceled(schedule: Schedule): Schedule {
  const answer = cancel(schedule, base, retentionMs)
  if (answer.kind !== 'moved') throw new Error(answer.kind)
  return answer.schedule
}

/** What every store does. Every test works under an application of its own, so that a store may be shared. */
export async function storeContract(t: Test, open: (t: Test) => Promise<ScheduleStore & Timeline>): Promise<void> {
  async function opened(
    t: Test,
  ): Promise<{ store: ScheduleStore & Timeline; application: string; add: (fields?: object) => Promise<Schedule> }> {
    const store = await open(t)
    const application = `app-${randomUUID()}`
    const add = async (fields: object = {}): Promise<Schedule> => {
      const schedule = newSchedule({ application, ...fields })
      await store.insert(schedule)
      return schedule
    }
    return { store, application, add }
  }

  async function listed(store: ScheduleStore, query: ListQuery): Promise<Schedule[]> {
    const items: Schedule[] = []
    for (let after: string | undefined; ; ) {
      const page = await store.list({ ...query, after })
      if (page.items.length > query.limit) throw new Error('a page is larger than asked for')
      items.push(...page.items)
      if (page.next === undefined) return items
      after = page.next
    }
  }

  const names = (schedules: readonly { readonly name: string }[]): string[] => schedules.map(({ name }) => name)

  await t.test('what was inserted is read as it was', async (t) => {
    const { store, application, add } = await opened(t)
    const plain = await add({ name: 'a.b-c_d' })
    t.same(await store.get(application, 'a.b-c_d'), plain)
    const rich = await add({
      at: lastInstant,
      content: {
        target: { url: 'https://example.test/ä?q=1&r=%20', method: 'DELETE', headers: { 'x-a': 'ÿ\'"\\' } },
        payload: '{"text":"🕰 \\u0000 \\ud800 \'; DROP TABLE schedule; --","number":12345678901234567890.10e+5}',
        retry: { maxAttempts: 3, initialDelaySeconds: 0.5, maxDelaySeconds: 7 },
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    })
    t.same(await store.get(application, rich.name), rich)
    const empty = await add({ content: { payload: null } })
    t.same(await store.get(application, empty.name), empty)
  })

  await t.test('the largest payload is read as it was', async (t) => {
    const { store, application, add } = await opened(t)
    const { name, content } = await add({ content: { payload: JSON.stringify('é'.repeat(128 * 1024 - 1)) } })
    t.equal((await store.get(application, name))?.content.payload === content.payload, true)
  })

  await t.test('a name that is taken is not inserted; the one that has it is told', async (t) => {
    const { store, application, add } = await opened(t)
    const first = await add({ name: 'post-42' })
    t.same(await store.insert(newSchedule({ application, name: 'post-42' })), { inserted: false, existing: first })
    t.same(await store.get(application, 'post-42'), first)
  })

  await t.test('of many who insert under one name at once, one does', async (t) => {
    const { store, application } = await opened(t)
    const all = Array.from({ length: 50 }, () => newSchedule({ application, name: 'post-42' }))
    const answers = await Promise.all(all.map((schedule) => store.insert(schedule)))
    t.equal(answers.filter(({ inserted }) => inserted).length, 1)
  })

  await t.test('what does not exist is undefined', async (t) => {
    const { store, application } = await opened(t)
    t.equal(await store.get(application, 'nothing'), undefined)
  })

  await t.test('every state of a record is read as it was written', async (t) => {
    const { store, application, add } = await opened(t)
    const first = await add({ at: base + 1000 })
    const claimed = claim(first, base + 1000)
    const retried = settle(
      claimed,
      { verdict: 'retry', startedAt: base + 1001, durationMs: 15_000, error: 'no answer' },
      base + 16_000,
      0.3,
      retentionMs,
    )
    const again = claim(retried, retried.dueAt ?? 0)
    const taken = claim(again, again.dueAt)
    const failed = settle(
      taken,
      { verdict: 'gone', startedAt: taken.delivery.dueAt, durationMs: 1, statusCode: 410 },
      taken.delivery.dueAt,
      0,
      retentionMs,
    )
    let previous: Schedule = first
    for (const next of [claimed, retried, again, taken, failed]) {
      t.equal(await store.replace(previous, next), true)
      // Optional fields that are undefined need not survive.
      t.same(JSON.parse(JSON.stringify(await store.get(application, first.name))), JSON.parse(JSON.stringify(next)))
      previous = next
    }
  })

  await t.test('a change is made only to the version that was read', async (t) => {
    const { store, application, add } = await opened(t)
    const first = await add()
    const next = canceled(first)
    t.equal(await store.replace(first, next), true)
    t.equal(await store.replace(first, claim(first, first.at)), false)
    t.same((await store.get(application, first.name))?.status, 'canceled')
  })

  await t.test('a change is made only to the incarnation that was read', async (t) => {
    const { store, application, add } = await opened(t)
    const first = await add({ name: 'post-42' })
    await store.replace(first, canceled(first))
    const second = newSchedule({ application, name: 'post-42', content: { payload: '"second"' } })
    t.equal(await store.replace(canceled(first), second), true)
    t.same(await store.get(application, 'post-42'), second)
    // The version is that of the new record, but it is another schedule's.
    t.equal(await store.replace(first, claim(first, first.at)), false)
    t.same(await store.get(application, 'post-42'), second)
  })

  await t.test('a change of what does not exist is refused', async (t) => {
    const { store, application } = await opened(t)
    const schedule = newSchedule({ application })
    t.equal(await store.replace(schedule, canceled(schedule)), false)
    t.equal(await store.get(application, schedule.name), undefined)
  })

  await t.test('of many who change one version at once, one does', async (t) => {
    const { store, add } = await opened(t)
    const first = await add()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.replace(first, { ...claim(first, first.at), updatedAt: index })),
    )
    t.equal(answers.filter(Boolean).length, 1)
  })

  await t.test('a record is removed only in the version that was read', async (t) => {
    const { store, application, add } = await opened(t)
    const first = await add()
    const next = claim(first, first.at)
    await store.replace(first, next)
    t.equal(await store.remove(first), false)
    t.equal(await store.remove(next), true)
    t.equal(await store.get(application, first.name), undefined)
    t.equal(await store.remove(next), false)
    await add({ name: first.name })
    t.not(await store.get(application, first.name), undefined)
  })

  await t.test('a list is in the order of time, whatever the order of creation', async (t) => {
    const { store, application, add } = await opened(t)
    for (const at of [5, 3, 9, 1, 7]) await add({ name: `n${at}`, at: base + at * 1000 })
    t.same(names(await listed(store, { application, limit: 100 })), ['n1', 'n3', 'n5', 'n7', 'n9'])
  })

  await t.test('pages of any size have everything once, also of one moment', async (t) => {
    const { store, application, add } = await opened(t)
    const all = await Promise.all(
      Array.from({ length: 23 }, (_, index) => add({ name: `n${index}`, at: base + Math.floor(index / 10) * 1000 })),
    )
    for (let index = 0; index < all.length; index += 3) {
      const schedule = all[index]
      if (schedule !== undefined) await store.replace(schedule, canceled(schedule))
    }
    for (const limit of [1, 2, 7, 22, 23, 24, 100]) {
      const items = await listed(store, { application, limit })
      t.same(names(items).toSorted(), names(all).toSorted(), `limit ${limit}`)
      t.same(
        items.map(({ at }) => at),
        items.map(({ at }) => at).toSorted((a, b) => a - b),
      )
    }
  })

  await t.test('a list is of one status, where one is asked for', async (t) => {
    const { store, application, add } = await opened(t)
    const byStatus = {
      scheduled: await add({ name: 'scheduled', at: base + 4000 }),
      canceled: await add({ name: 'canceled', at: base + 3000 }),
      delivered: await add({ name: 'delivered', at: base + 2000 }),
      delivering: await add({ name: 'delivering', at: base + 1000 }),
    }
    const retrying = await add({ name: 'retrying', at: base + 500 })
    const retryingClaim = claim(retrying, retrying.at)
    await store.replace(retrying, retryingClaim)
    await store.replace(
      retryingClaim,
      settle(retryingClaim, { verdict: 'retry', startedAt: base, durationMs: 1 }, base + 600, 0, retentionMs),
    )
    await store.replace(byStatus.canceled, canceled(byStatus.canceled))
    const deliveredClaim = claim(byStatus.delivered, byStatus.delivered.at)
    await store.replace(byStatus.delivered, deliveredClaim)
    await store.replace(deliveredClaim, delivered(byStatus.delivered))
    await store.replace(byStatus.delivering, claim(byStatus.delivering, byStatus.delivering.at))
    t.same(names(await listed(store, { application, status: 'scheduled', limit: 1 })), ['retrying', 'scheduled'])
    t.same(names(await listed(store, { application, status: 'canceled', limit: 1 })), ['canceled'])
    t.same(names(await listed(store, { application, status: 'delivered', limit: 1 })), ['delivered'])
    t.same(names(await listed(store, { application, status: 'delivering', limit: 1 })), ['delivering'])
    t.same(names(await listed(store, { application, status: 'failed', limit: 1 })), [])
    t.equal((await listed(store, { application, limit: 2 })).length, 5)
  })

  await t.test('a list has what lies between from (with it) and to (without it)', async (t) => {
    const { store, application, add } = await opened(t)
    for (const at of [1, 2, 3, 4]) await add({ name: `n${at}`, at: base + at * 1000 })
    const [from, to] = [base + 2000, base + 4000]
    t.same(names(await listed(store, { application, from, limit: 1 })), ['n2', 'n3', 'n4'])
    t.same(names(await listed(store, { application, to, limit: 1 })), ['n1', 'n2', 'n3'])
    t.same(names(await listed(store, { application, from, to, limit: 1 })), ['n2', 'n3'])
    t.same(names(await listed(store, { application, from: to, to: from, limit: 1 })), [])
  })

  await t.test('a thousand large payloads do not become one page', async (t) => {
    const { store, application, add } = await opened(t)
    const payload = JSON.stringify('x'.repeat(200_000))
    await Promise.all(Array.from({ length: 60 }, (_, index) => add({ name: `n${index}`, content: { payload } })))
    const page = await store.list({ application, limit: 1000 })
    t.ok(page.items.length < 40)
    t.equal((await listed(store, { application, limit: 1000 })).length, 60)
  })

  await t.test('nor do those with long histories', async (t) => {
    const { store, application, add } = await opened(t)
    const attempt = {
      number: 1,
      dueAt: base,
      startedAt: base,
      durationMs: 1,
      outcome: 'retry',
      responseBody: '\u0001'.repeat(1024),
    } as const
    const all = await Promise.all(Array.from({ length: 40 }, () => add()))
    await Promise.all(
      all.map((schedule) =>
        store.replace(schedule, { ...claim(schedule, schedule.at), attempts: Array.from({ length: 20 }, () => attempt) }),
      ),
    )
    t.ok((await store.list({ application, limit: 1000 })).items.length < 40)
    t.equal((await listed(store, { application, limit: 1000 })).length, 40)
  })

  await t.test('a position that no page has given is refused as invalid', async (t) => {
    const { store, application } = await opened(t)
    for (const after of ['', 'x', '1', '1.2.3', '1.x', '-1.5', "1.2'", '99999999999999999999.1']) {
      await t.rejects(store.list({ application, limit: 1, after }), { code: 'invalid_request' }, after)
    }
  })

  await t.test('nothing of an application is seen, found or changed through another', async (t) => {
    const { store, add } = await opened(t)
    const mine = await add({ name: 'post-42' })
    const other = `app-${randomUUID()}`
    t.equal(await store.get(other, 'post-42'), undefined)
    t.same(await listed(store, { application: other, limit: 10 }), [])
    t.same(await store.due(other, lastInstant, 10), [])
    t.equal(await store.replace({ ...mine, application: other }, { ...canceled(mine), application: other }), false)
    t.equal(await store.remove({ ...mine, application: other }), false)
    t.same((await store.insert(newSchedule({ application: other, name: 'post-42' }))).inserted, true)
  })

  await t.test('due are first attempts, retries and expired leases alike, soonest first, and nothing that is finished', async (t) => {
    const { store, application, add } = await opened(t)
    const waiting = await add({ name: 'waiting', at: base + 2000 })
    await add({ name: 'later', at: base + 900_000 })
    const retrying = await add({ name: 'retrying', at: base + 100 })
    const first = claim(retrying, base + 100)
    await store.replace(retrying, first)
    const retry = settle(first, { verdict: 'retry', startedAt: base + 100, durationMs: 1 }, base + 101, 0.5, retentionMs)
    await store.replace(first, retry)
    const leased = await add({ name: 'leased', at: base })
    const lease = claim(leased, base)
    await store.replace(leased, lease)
    const done = await add({ name: 'done', at: base })
    await store.replace(done, canceled(done))

    const all = await store.due(application, base + 60_000, 10)
    t.same(names(all).toSorted(), ['leased', 'retrying', 'waiting'])
    t.same(
      all,
      all.toSorted((a, b) => a.dueAt - b.dueAt),
    )
    t.match(
      new Map(all.map((entry) => [entry.name, entry])),
      new Map([
        ['waiting', { application, name: 'waiting', id: waiting.id, dueAt: base + 2000 }],
        ['retrying', { application, name: 'retrying', id: retry.id, dueAt: retry.dueAt }],
        ['leased', { application, name: 'leased', id: lease.id }],
      ]),
    )
    // Of a lease that lives, a store may name the moment of its attempt instead of its end.
    t.ok((all.find(({ name }) => name === 'leased')?.dueAt ?? Number.POSITIVE_INFINITY) <= lease.dueAt)
    t.same(await store.due(application, base + 60_000, 2), all.slice(0, 2))
    t.same(
      names(await store.due(application, base + 1999, 10)).filter((name) => name !== 'leased'),
      [],
    )
  })

  await t.test('what an entry of the due index tells of its record is the record, where it tells it', async (t) => {
    const { store, application, add } = await opened(t)
    const retrying = await add({ at: base })
    const first = claim(retrying, base)
    await store.replace(retrying, first)
    await store.replace(first, settle(first, { verdict: 'retry', startedAt: base, durationMs: 1 }, base + 1, 0.5, retentionMs))
    await add({ at: base + 1 })
    const { content } = retrying
    await add({ at: base + 2, content: { ...content, payload: JSON.stringify('x'.repeat(100_000)) } })
    await add({ at: base + 3, content: { ...content, payload: null } })
    const due = await store.due(application, base + 900_000, 10)
    t.equal(due.length, 4)
    for (const { name, record } of due) if (record !== undefined) t.same(record, await store.get(application, name))
  })

  await t.test('a retry that is claimed, and claimed again after its lease, stays due', async (t) => {
    const { store, application, add } = await opened(t)
    const first = await add({ at: base })
    const claimed = claim(first, base)
    const retry = settle(claimed, { verdict: 'retry', startedAt: base, durationMs: 1 }, base + 1, 0.5, retentionMs)
    const again = claim(retry, retry.dueAt ?? 0)
    const taken = claim(again, again.dueAt)
    let previous: Schedule = first
    for (const next of [claimed, retry, again, taken]) {
      t.equal(await store.replace(previous, next), true)
      t.same(names(await store.due(application, next.dueAt ?? 0, 10)), [first.name])
      previous = next
    }
    const done = settle(taken, { verdict: 'delivered', startedAt: base, durationMs: 1 }, taken.delivery.dueAt, 0.5, retentionMs)
    t.equal(await store.replace(taken, done), true)
    t.same(await store.due(application, lastInstant, 10), [])
  })

  await t.test('what is due is had page by page, each once, whatever is due at the same moment', async (t) => {
    const { store, application, add } = await opened(t)
    const all = await Promise.all(Array.from({ length: 30 }, (_, index) => add({ at: base + Math.floor(index / 12) * 1000 })))
    for (const schedule of all.slice(0, 10)) {
      const claimed = claim(schedule, schedule.at)
      await store.replace(schedule, claimed)
      const retry = settle(claimed, { verdict: 'retry', startedAt: base, durationMs: 1 }, base, 0, retentionMs)
      // Several retries at one moment, and that of first attempts, too.
      await store.replace(claimed, { ...retry, dueAt: base + 1000 })
    }
    for (const limit of [1, 4, 29, 30, 31]) {
      const found: string[] = []
      for (let after: string | undefined; ; ) {
        const page = await store.due(application, base + 2000, limit, after)
        t.ok(page.length <= limit)
        found.push(...names(page))
        if (page.length < limit) break
        after = page.at(-1)?.position
      }
      t.equal(found.length, 30, `limit ${limit}`)
      t.same(new Set(found), new Set(names(all)))
    }
  })

  await t.test('however many are due, a limit of any size has the soonest', async (t) => {
    const { store, application, add } = await opened(t)
    await Promise.all(Array.from({ length: 60 }, (_, index) => add({ at: base + (index % 20) * 1000 })))
    for (const limit of [1, 7, 59, 60, 61, 1000]) {
      const due = await store.due(application, base + 19_000, limit)
      t.equal(due.length, Math.min(limit, 60))
      t.same(
        due,
        due.toSorted((a, b) => a.dueAt - b.dueAt),
      )
      t.equal(due.at(-1)?.dueAt, base + Math.floor((due.length - 1) / 3) * 1000)
    }
  })

  await t.test('a lease that happens to end at the moment asked for is due then', async (t) => {
    const { store, application, add } = await opened(t)
    const schedule = await add({ at: base + 60_000 })
    const lease = { ...claim(schedule, base + 60_000), dueAt: schedule.at }
    await store.replace(schedule, lease)
    t.same(names(await store.due(application, base + 60_000, 10)), [schedule.name])
  })

  await t.test('a list of names that begin alike is in the order of names, whatever else is there', async (t) => {
    const { store, application, add } = await opened(t)
    for (const name of ['post-2', 'post-10', 'post-1', 'post-1.b', 'Post-1', 'pos', 'post', 'poster', 'post_1', 'z'])
      await add({ name, at: base + name.length * 1000 })
    const expected = ['post', 'post-1', 'post-1.b', 'post-10', 'post-2', 'post_1', 'poster']
    for (const limit of [1, 2, 3, 7, 100]) {
      const items = await listed(store, { application, namePrefix: 'post', limit })
      t.same(names(items), expected, `limit ${limit}`)
    }
    t.same(names(await listed(store, { application, namePrefix: 'post-1', limit: 100 })), ['post-1', 'post-1.b', 'post-10'])
    t.same(names(await listed(store, { application, namePrefix: 'nothing', limit: 100 })), [])
  })

  await t.test('a list of names is of one status and between two moments, where that is asked for', async (t) => {
    const { store, application, add } = await opened(t)
    const all = await Promise.all(Array.from({ length: 12 }, (_, index) => add({ name: `n-${10 + index}`, at: base + index * 1000 })))
    for (const schedule of all.slice(0, 6)) await store.replace(schedule, canceled(schedule))
    const query = { application, namePrefix: 'n-', limit: 5 }
    t.same(names(await listed(store, { ...query, status: 'canceled' })), names(all.slice(0, 6)))
    t.same(names(await listed(store, { ...query, status: 'scheduled', to: base + 8000 })), ['n-16', 'n-17'])
    t.same(names(await listed(store, { ...query, from: base + 9000 })), ['n-19', 'n-20', 'n-21'])
  })

  await t.test('a position of the one kind of list is refused by the other', async (t) => {
    const { store, application, add } = await opened(t)
    for (const name of ['a-1', 'a-2', 'a-3']) await add({ name })
    const byTime = await store.list({ application, limit: 1 })
    const byName = await store.list({ application, namePrefix: 'a', limit: 1 })
    await t.rejects(store.list({ application, limit: 1, after: byName.next }), { code: 'invalid_request' })
    await t.rejects(store.list({ application, namePrefix: 'a', limit: 1, after: byTime.next }), { code: 'invalid_request' })
    await t.rejects(store.list({ application, namePrefix: 'b', limit: 1, after: byName.next }), { code: 'invalid_request' })
  })

  await t.test('what was taken back stays so; a name that is free again is', async (t) => {
    const { store, application, add } = await opened(t)
    const old = await add({ name: 'post-42' })
    const done = canceled(old)
    await store.replace(old, done)
    const next = newSchedule({ application, name: 'post-42' })
    t.equal(await store.replace(done, next), true)
    t.equal(await store.replace(next, done), true)
    t.same(await store.get(application, 'post-42'), done)
  })

  await t.test('it can say that it is well', async (t) => {
    const { store } = await opened(t)
    await store.check()
  })

  await t.test('what was asked for as a local time, and what expires, is read as it was', async (t) => {
    const { store, application, add } = await opened(t)
    const first = await add({ timeZone: 'Asia/Kolkata', expiresAt: base + 90_000 })
    t.same(await store.get(application, first.name), first)
    const move = reschedule(first, { when: { at: base + 5000, timeZone: null }, expiresAfterMs: null }, base)
    if (move.kind !== 'moved') throw new Error(move.kind)
    t.equal(await store.replace(first, move.schedule), true)
    t.same(await store.get(application, first.name), move.schedule)
    const later = reschedule(move.schedule, { content: { payload: '"other"' }, expiresAfterMs: 1000 }, base)
    if (later.kind !== 'moved') throw new Error(later.kind)
    t.equal(await store.replace(move.schedule, later.schedule), true)
    t.same(await store.get(application, first.name), later.schedule)
    const expired = expire(later.schedule, base + 6000, retentionMs)
    t.equal(await store.replace(later.schedule, expired), true)
    t.same(await store.get(application, first.name), expired)
    t.same(names(await listed(store, { application, status: 'expired', limit: 10 })), [first.name])
    const again = runNow(expired, base + 7000)
    if (again.kind !== 'moved') throw new Error(again.kind)
    t.equal(await store.replace(expired, again.schedule), true)
    t.same(await store.get(application, first.name), again.schedule)
    t.match(await store.due(application, base + 7000, 10), [{ name: first.name, dueAt: base + 7000 }])
  })

  await t.test('how many there are that are not finished follows every change', async (t) => {
    const { store, application, add } = await opened(t)
    const unfinished = async (): Promise<number> => {
      const { scheduled = 0, delivering = 0 } = await store.counts(application)
      return scheduled + delivering
    }
    t.equal(await unfinished(), 0)
    const all = await Promise.all(Array.from({ length: 5 }, () => add()))
    const [first, second, third] = all as [Schedule, Schedule, Schedule]
    await store.insert(newSchedule({ application, name: first.name }))
    t.equal(await unfinished(), 5, 'what was not inserted does not count')
    const claimed = claim(first, first.at)
    await store.replace(first, claimed)
    await store.replace(first, claim(first, first.at))
    t.equal(await unfinished(), 5)
    const retried = settle(claimed, { verdict: 'retry', startedAt: first.at, durationMs: 1 }, first.at, 0.5, retentionMs)
    await store.replace(claimed, retried)
    t.equal(await unfinished(), 5)
    await store.replace(second, delivered(second))
    await store.replace(third, canceled(third))
    t.equal(await unfinished(), 3)
    await store.replace(canceled(third), newSchedule({ application, name: third.name }))
    t.equal(await unfinished(), 4, 'a name that is used again')
    await store.remove(retried)
    await store.remove(retried)
    t.equal(await unfinished(), 3)
  })

  await t.test('a timeline counts what lies in each interval, from its beginning on and without its end', async (t) => {
    const { store, application, add } = await opened(t)
    const { add: addElsewhere } = await opened(t)
    for (const at of [0, 999, 1000, 1500, 1999, 3000]) await add({ name: `n${at}`, at: base + at })
    await addElsewhere({ name: 'n0', at: base })
    const edges = [0, 1000, 2000, 3000].map((ms) => base + ms)
    const counted = await store.timeline({ application, statuses: ['scheduled'], edges, countedUpTo: 100 })
    t.same(counted, [{ scheduled: 2 }, { scheduled: 3 }, { scheduled: 0 }])
  })

  await t.test('a timeline tells statuses apart; what is being delivered, or tried again, is not finished', async (t) => {
    const { store, application, add } = await opened(t)
    await add({ name: 'waiting', at: base })
    const first = await add({ name: 'delivering', at: base })
    await store.replace(first, claim(first, base))
    const second = await add({ name: 'retrying', at: base })
    const claimed = claim(second, base)
    await store.replace(second, claimed)
    await store.replace(claimed, settle(claimed, { verdict: 'retry', startedAt: base, durationMs: 1 }, base + 1, 0.5, retentionMs))
    const third = await add({ name: 'delivered', at: base })
    const thirdClaimed = claim(third, base)
    await store.replace(third, thirdClaimed)
    const success = { verdict: 'delivered', startedAt: base, durationMs: 1, statusCode: 200 } as const
    await store.replace(thirdClaimed, settle(thirdClaimed, success, base + 1, 0.5, retentionMs))
    const fourth = await add({ name: 'canceled', at: base })
    await store.replace(fourth, canceled(fourth))
    const counted = await store.timeline({ application, statuses: timelineStatuses, edges: [base, base + 1], countedUpTo: 100 })
    t.same(counted, [{ scheduled: 3, delivered: 1, failed: 0, canceled: 1, expired: 0 }])
  })

  await t.test('a timeline counts no further than it is to', async (t) => {
    const { store, application, add } = await opened(t)
    for (let index = 0; index < 12; index++) await add({ name: `n${index}`, at: base })
    for (const countedUpTo of [1, 5, 11, 12, 13]) {
      const counted = await store.timeline({ application, statuses: ['scheduled'], edges: [base, base + 1], countedUpTo })
      t.same(counted, [{ scheduled: Math.min(12, countedUpTo) }], String(countedUpTo))
    }
  })

  await t.test('everything is there to be taken elsewhere, once', async (t) => {
    const { store, application, add } = await opened(t)
    const all = await Promise.all(
      Array.from({ length: 30 }, (_, index) => add({ name: `n${index}`, content: { payload: 'x'.repeat(index * 1000) } })),
    )
    const [first, second] = all as [Schedule, Schedule]
    await store.replace(first, canceled(first))
    await store.replace(second, claim(second, second.at))
    const found = new Map<string, Schedule>()
    for (let after: string | undefined; ; ) {
      const page = await store.scan(after)
      for (const schedule of page.items.filter((schedule) => schedule.application === application)) {
        t.notOk(found.has(schedule.name))
        found.set(schedule.name, schedule)
      }
      if (page.next === undefined) break
      after = page.next
    }
    const expected = [canceled(first), claim(second, second.at), ...all.slice(2)]
    t.equal(found.size, expected.length)
    for (const schedule of expected) t.same(found.get(schedule.name), schedule)
  })
}
