import fc from 'fast-check'
import t from 'tap'
import {
  type Claimed,
  cancel,
  claim,
  type DeliveryResult,
  deliveryDeadlineMs,
  expire,
  hasExpired,
  isFinished,
  keptAttempts,
  leaseMs,
  maxClaimLeadMs,
  mayStillSend,
  moves,
  readiness,
  reschedule,
  runNow,
  settle,
} from '../../src/domain/lifecycle.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import { newSchedule } from '../support/schedules.ts'

const created = 1_800_000_000_000
const dueAt = created + 60_000
const retentionMs = 30 * 24 * 3600_000

function result(verdict: DeliveryResult['verdict'], more: Partial<DeliveryResult> = {}): DeliveryResult {
  return { verdict, startedAt: dueAt, durationMs: 20, ...more }
}

function settled(verdict: DeliveryResult['verdict'], more: Partial<DeliveryResult> = {}): Schedule {
  return settle(claim(newSchedule(), dueAt), result(verdict, more), dueAt + 20, 0.5, retentionMs)
}

await t.test('a schedule that is due is claimed under a lease that outlives the delivery', async (t) => {
  const claimed = claim(newSchedule(), dueAt)
  t.match(claimed, {
    status: 'delivering',
    version: 2,
    dueAt: dueAt + leaseMs,
    delivery: { number: 1, dueAt, claimedAt: dueAt },
    attemptCount: 1,
  })
  t.ok(leaseMs > deliveryDeadlineMs)
})

await t.test('a claim may come a little ahead of its time, and no more than that', async (t) => {
  t.equal(claim(newSchedule(), dueAt - maxClaimLeadMs).delivery.dueAt, dueAt)
  t.throws(() => claim(newSchedule(), dueAt - maxClaimLeadMs - 1), /not due/)
})

await t.test('a live lease cannot be claimed; an expired one can, and its attempt is written down as interrupted', async (t) => {
  const first = claim(newSchedule(), dueAt)
  t.throws(() => claim(first, first.dueAt - 1), /not due/)
  const second = claim(first, first.dueAt)
  t.match(second, { delivery: { number: 2, dueAt: first.dueAt }, attempts: [{ number: 1, outcome: 'interrupted', dueAt }], tries: 0 })
})

await t.test('2xx ends it as delivered, with the attempt and the time of its removal', async (t) => {
  const delivered = settled('delivered', { statusCode: 204, startedAt: dueAt + 2 })
  t.match(delivered, {
    status: 'delivered',
    dueAt: null,
    delivery: null,
    finishedAt: dueAt + 20,
    removeAt: dueAt + 20 + retentionMs,
    version: 3,
  })
  t.match(delivered.attempts, [{ number: 1, dueAt, startedAt: dueAt + 2, durationMs: 20, outcome: 'delivered', statusCode: 204 }])
  t.ok(isFinished(delivered))
})

await t.test('an owner that wants no more of it ends it as failed, whatever tries are left', async (t) => {
  t.match(settled('gone'), { status: 'failed', dueAt: null, attempts: [{ outcome: 'failed' }] })
})

await t.test('a failed try is made again after the backoff, under another arming', async (t) => {
  t.match(settled('retry'), { status: 'scheduled', dueAt: dueAt + 20 + 5000, arming: 2, tries: 1, finishedAt: null, at: dueAt })
  t.equal(settled('retry', { retryAfterMs: 60_000 }).dueAt, dueAt + 20 + 60_000)
})

await t.test('the last try that fails ends it as failed', async (t) => {
  const once = newSchedule({ content: { retry: { maxAttempts: 1, initialDelaySeconds: 5, maxDelaySeconds: 10 } } })
  t.match(settle(claim(once, dueAt), result('retry'), dueAt, 0.5, retentionMs), { status: 'failed', dueAt: null })
})

await t.test('an attempt that was broken off is made again at once, and is no try', async (t) => {
  const once = newSchedule({ content: { retry: { maxAttempts: 1, initialDelaySeconds: 5, maxDelaySeconds: 10 } } })
  const again = settle(claim(once, dueAt), result('interrupted'), dueAt + 20, 0.5, retentionMs)
  t.match(again, { status: 'scheduled', dueAt: dueAt + 20, tries: 0, attemptCount: 1, attempts: [{ outcome: 'interrupted' }] })
})

await t.test('a suspended process finds that it may not send any more', async (t) => {
  const claimed = claim(newSchedule(), dueAt)
  t.ok(mayStillSend(claimed, dueAt))
  t.notOk(mayStillSend(claimed, claimed.dueAt - deliveryDeadlineMs))
})

await t.test('only what is scheduled can be canceled', async (t) => {
  const scheduled = newSchedule()
  const canceled = cancel(scheduled, created, retentionMs)
  t.match(canceled, { kind: 'moved', schedule: { status: 'canceled', dueAt: null, finishedAt: created } })
  t.match(canceled.kind === 'moved' && cancel(canceled.schedule, created, retentionMs), { kind: 'already_canceled' })
  t.match(cancel(claim(scheduled, dueAt), dueAt, retentionMs), { kind: 'refused', reason: 'being_delivered' })
  t.match(cancel(settled('delivered'), dueAt, retentionMs), { kind: 'refused', reason: 'already_finished' })
  t.match(cancel(settled('retry'), dueAt, retentionMs), { kind: 'moved' })
})

const expiring = (): Schedule => newSchedule({ expiresAt: dueAt + 10_000 })

function movedTo(move: ReturnType<typeof reschedule>): Schedule {
  if (move.kind !== 'moved') throw new Error(move.reason)
  return move.schedule
}

await t.test('what could not be attempted any more before it expires is expired, and not claimed', async (t) => {
  t.notOk(hasExpired(expiring(), dueAt + 9999))
  t.ok(hasExpired(expiring(), dueAt + 10_000))
  t.notOk(hasExpired(newSchedule(), dueAt + 1e12))
  t.throws(() => claim(expiring(), dueAt + 10_000), /expired/)
  t.match(expire(expiring(), dueAt + 10_000, retentionMs), {
    status: 'expired',
    dueAt: null,
    finishedAt: dueAt + 10_000,
    removeAt: dueAt + 10_000 + retentionMs,
  })
  t.notOk(mayStillSend(claim(expiring(), dueAt), dueAt + 10_000))
})

await t.test('a retry that would come after the expiry is the expiry', async (t) => {
  const retried = settle(claim(expiring(), dueAt), result('retry', { retryAfterMs: 60_000 }), dueAt + 20, 0.5, retentionMs)
  t.match(retried, { status: 'scheduled', dueAt: dueAt + 10_000 })
  t.ok(hasExpired(retried, retried.dueAt ?? 0))
})

await t.test('what a dead process was delivering expires with the attempt that nobody knows the end of', async (t) => {
  const lost = claim(expiring(), dueAt)
  t.match(expire(lost, lost.dueAt, retentionMs), { status: 'expired', delivery: null, attempts: [{ outcome: 'interrupted' }] })
})

await t.test('what is moved to another moment is armed anew, and expires as long after it as before', async (t) => {
  const moved = movedTo(reschedule(expiring(), { when: { at: dueAt + 5000, timeZone: 'Asia/Kolkata' } }, created))
  t.match(moved, { at: dueAt + 5000, dueAt: dueAt + 5000, expiresAt: dueAt + 15_000, timeZone: 'Asia/Kolkata', arming: 2, version: 2 })
  t.match(movedTo(reschedule(moved, { expiresAfterMs: null }, created)), { at: dueAt + 5000, expiresAt: null, timeZone: 'Asia/Kolkata' })
  t.match(movedTo(reschedule(moved, { expiresAfterMs: 1000 }, created)), { expiresAt: dueAt + 6000 })
})

await t.test('other content leaves the moment of the next attempt as it is', async (t) => {
  const retrying = settled('retry')
  const changed = movedTo(reschedule(retrying, { content: { payload: '1' } }, dueAt + 100))
  t.match(changed, { dueAt: retrying.dueAt, at: dueAt, tries: 1, content: { payload: '1', target: retrying.content.target } })
  t.equal(movedTo(reschedule(retrying, {}, dueAt + 100)).content, retrying.content, 'the very same')
})

await t.test('only what is scheduled can be changed', async (t) => {
  t.match(reschedule(claim(newSchedule(), dueAt), {}, dueAt), { kind: 'refused', reason: 'being_delivered' })
  for (const schedule of [settled('delivered'), settled('gone'), expire(expiring(), dueAt + 10_000, retentionMs)])
    t.match(reschedule(schedule, {}, dueAt), { kind: 'refused', reason: 'already_finished' })
})

await t.test('whatever is not canceled, and not being delivered, can be made due now', async (t) => {
  t.match(runNow(newSchedule(), created), { kind: 'moved', schedule: { status: 'scheduled', dueAt: created, at: dueAt, arming: 2 } })
  t.match(runNow(settled('retry'), dueAt + 100), { schedule: { dueAt: dueAt + 100, tries: 1 } })
  for (const schedule of [settled('delivered'), settled('gone')])
    t.match(runNow(schedule, dueAt + 100), {
      schedule: { status: 'scheduled', dueAt: dueAt + 100, tries: 0, attemptCount: 1, finishedAt: null, removeAt: null },
    })
  t.match(runNow(expire(expiring(), dueAt + 10_000, retentionMs), dueAt + 20_000), { schedule: { expiresAt: null } })
  t.match(runNow(expiring(), created), { schedule: { expiresAt: dueAt + 10_000 } })
  t.match(runNow(claim(newSchedule(), dueAt), dueAt), { kind: 'refused', reason: 'being_delivered' })
  const canceled = movedTo(cancel(newSchedule(), created, retentionMs) as ReturnType<typeof reschedule>)
  t.match(runNow(canceled, dueAt), { kind: 'refused', reason: 'already_finished' })
})

await t.test('a wake-up is judged by the record', async (t) => {
  const scheduled = newSchedule({ id: 'a' })
  const delivering = claim(scheduled, dueAt)
  t.same(readiness(undefined, 'a', dueAt), { kind: 'nothing', reason: 'unknown' })
  t.same(readiness(scheduled, 'b', dueAt), { kind: 'nothing', reason: 'replaced' })
  t.same(readiness(scheduled, 'a', 0), { kind: 'due', dueAt })
  t.same(readiness(delivering, 'a', delivering.dueAt - 1), { kind: 'nothing', reason: 'being_delivered' })
  t.same(readiness(delivering, 'a', delivering.dueAt), { kind: 'due', dueAt: delivering.dueAt })
  t.same(readiness(settled('delivered'), 'a', dueAt).kind, 'nothing')
})

await t.test('a record keeps its last attempts only', async (t) => {
  let schedule = newSchedule({ content: { retry: { maxAttempts: 100, initialDelaySeconds: 0, maxDelaySeconds: 0 } } })
  for (let count = 0; count < 30; count++)
    schedule = settle(claim(schedule, schedule.dueAt ?? 0), result('retry'), schedule.dueAt ?? 0, 0, retentionMs)
  t.equal(schedule.attempts.length, keptAttempts)
  t.equal(schedule.attempts.at(-1)?.number, 30)
  t.equal(schedule.attemptCount, 30)
})

/**
 * Any number of processes do anything they can with one record, at times that jump about, each with the copy of the
 * record that it has read, however old: a change takes place only if nobody has changed it since.
 */
await t.test(
  'no sequence of moves and times delivers early, after a cancel or the expiry, under two live leases, or beyond the policy',
  async () => {
    const step = fc.record({
      process: fc.nat({ max: 2 }),
      action: fc.constantFrom('read', 'claim', 'send', 'settle', 'cancel', 'reschedule', 'run', 'crash'),
      passMs: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 30_000 }), fc.nat({ max: 100_000 })),
      verdict: fc.constantFrom('delivered', 'gone', 'retry', 'interrupted'),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.option(fc.nat({ max: 200_000 })),
        (steps, maxAttempts, expiresMs) => {
          const retry = { maxAttempts, initialDelaySeconds: 5, maxDelaySeconds: 60 }
          let record: Schedule = newSchedule({ content: { retry }, ...(expiresMs === null ? {} : { expiresAt: dueAt + 1 + expiresMs }) })
          let notBefore = dueAt
          let now = created
          let canceled = false
          let tries = 0
          const copies = new Map<number, Schedule>()
          const claims = new Map<number, Claimed>()
          const leases = new Map<number, number>()
          const replace = (previous: Schedule, next: Schedule): boolean => {
            if (previous.version !== record.version || previous.id !== record.id) return false
            // What a dead process was delivering is scheduled again before it expires.
            const from = record.status === 'delivering' && next.status === 'expired' ? 'scheduled' : record.status
            if (!(moves[from] as readonly string[]).includes(next.status)) throw new Error(`${from} → ${next.status}`)
            if ((next.dueAt === null) !== (next.finishedAt !== null)) throw new Error('dueAt and finishedAt disagree')
            record = next
            return true
          }

          for (const { process, action, passMs, verdict, random } of steps) {
            now += passMs
            const copy = copies.get(process)
            const mine = claims.get(process)
            if (action === 'read') copies.set(process, record)
            if (action === 'crash') {
              copies.delete(process)
              claims.delete(process)
            }
            if (
              action === 'claim' &&
              copy !== undefined &&
              readiness(copy, record.id, now).kind === 'due' &&
              now >= (copy.dueAt ?? 0) - maxClaimLeadMs
            ) {
              const next = hasExpired(copy, now) ? undefined : claim(copy, now)
              if (next === undefined) replace(copy, expire(copy, now, retentionMs))
              else if (replace(copy, next)) {
                if ([...leases.values()].some((end) => end > now)) throw new Error('two live leases')
                leases.set(process, next.dueAt)
                claims.set(process, next)
              }
            }
            if (action === 'send' && mine !== undefined) {
              now = Math.max(now, mine.delivery.dueAt)
              if (mayStillSend(mine, now)) {
                if (now < notBefore) throw new Error('early')
                if (record.expiresAt !== null && now >= record.expiresAt) throw new Error('after the expiry')
                if (canceled) throw new Error('after a confirmed cancel')
                if (record.version !== mine.version) throw new Error("sent under a lease that is not the record's")
              }
            }
            if (action === 'settle' && mine !== undefined) {
              if (replace(mine, settle(mine, { verdict, startedAt: now, durationMs: 1 }, now, random, retentionMs))) {
                leases.delete(process)
                if (verdict !== 'interrupted') tries++
              }
              claims.delete(process)
            }
            if (action === 'cancel' && copy !== undefined) {
              const answer = cancel(copy, now, retentionMs)
              if (answer.kind === 'moved' && replace(copy, answer.schedule)) canceled = true
            }
            if (action === 'reschedule' && copy !== undefined) {
              const move = reschedule(copy, { when: { at: now + passMs, timeZone: null } }, now)
              if (move.kind === 'moved' && replace(copy, move.schedule)) notBefore = now + passMs
            }
            if (action === 'run' && copy !== undefined) {
              const move = runNow(copy, now)
              if (move.kind === 'moved' && replace(copy, move.schedule)) {
                notBefore = now
                if (isFinished(copy)) tries = 0
              }
            }
            if (tries > maxAttempts) throw new Error('more tries than the policy has')
            if (canceled && record.status !== 'canceled') throw new Error('a cancel was undone')
          }
        },
      ),
      { numRuns: 2000 },
    )
  },
)
