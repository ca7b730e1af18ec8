import t from 'tap'
import type { ReceivedCall } from '../support/owner.ts'
import { makeLedger } from './ledger.ts'

const due = Date.now() + 1000

function call(fields: { id?: string; receivedAt?: number; dueAt?: number; token?: number; status?: number } = {}): ReceivedCall {
  const { id = 'i', receivedAt = due, dueAt = due, token = 0, status = 200 } = fields
  const headers = { 'webhook-id': id, 'schedule-name': 'n', 'schedule-due-at': new Date(dueAt).toISOString() }
  return { method: 'POST', url: '/', headers, body: JSON.stringify({ token }), receivedAt, status }
}

function found(status = 'delivered', id = 'i') {
  return new Map([['n', { name: 'n', id, status, at: new Date(due).toISOString(), attempts: [] }]])
}

function ledger() {
  const made = makeLedger()
  made.created('i', 'n', due)
  return made
}

await t.test('what was delivered once, when it was due, is in order', async (t) => {
  t.same(ledger().check([call()], found()), { violations: [], twice: [] })
})

await t.test('each kind of broken promise is seen', async (t) => {
  t.match(ledger().check([], found('scheduled')).violations, [/^lost/])
  t.match(ledger().check([], new Map()).violations, [/^lost/])
  t.match(ledger().check([call({ status: 503 })], found()).violations, [/^lost/])
  t.match(ledger().check([], found('canceled')).violations, [/^lost/], 'nobody has canceled it')
  t.match(ledger().check([call({ receivedAt: due - 1 })], found()).violations, [/^early/])
  t.match(ledger().check([call({ dueAt: due - 1 })], found()).violations, [/^ahead of its moment/])
  t.same(ledger().check([call(), call()], found()).twice, ['i'])
})

await t.test('what is run after it was delivered comes again', async (t) => {
  const made = ledger()
  made.wantsRun('i')
  t.same(made.check([call(), call()], found()), { violations: [], twice: [] })
})

await t.test('a call after a confirmed cancel, or with what a confirmed change has replaced, is seen', async (t) => {
  const canceled = ledger()
  canceled.wantsCanceled('i')
  t.same(canceled.check([], found('canceled')).violations, [])
  canceled.canceled('i')
  t.match(canceled.check([call({ receivedAt: due + 1000 })], found('canceled')).violations, [/^after a confirmed/, /^canceled and/])
  t.match(
    canceled.check([call({ receivedAt: 0, dueAt: 0 })], found()).violations,
    [/^canceled, but delivered/, /^ahead/],
    'delivered before',
  )
  const changed = ledger()
  changed.changed('i', due, 1)
  t.same(changed.check([call({ token: 1 })], found()).violations, [])
  t.match(changed.check([call({ receivedAt: due + 1000 })], found()).violations, [/^delivered, but not as/, /^with what/])
})
