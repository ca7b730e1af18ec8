import { randomUUID } from 'node:crypto'
import { create } from '../../src/domain/lifecycle.ts'
import type { Call } from '../../src/domain/ports.ts'
import { defaultRetryPolicy } from '../../src/domain/retry.ts'
import type { Content, Schedule } from '../../src/domain/schedule.ts'

export const content: Content = {
  target: { url: 'http://127.0.0.1:3000/hook', method: 'POST', headers: { 'x-tenant': '7' } },
  payload: '{ "postId": 42 }',
  retry: defaultRetryPolicy,
  traceparent: null,
}

interface Fields {
  readonly application?: string
  readonly name?: string
  readonly id?: string
  readonly at?: number
  readonly timeZone?: string
  readonly expiresAt?: number
  readonly now?: number
  readonly content?: Partial<Content>
  readonly digest?: string
}

/** A new schedule; what is not given is made up. */
export function newSchedule(fields: Fields = {}): Schedule {
  const now = fields.now ?? 1_800_000_000_000
  return create(
    {
      application: fields.application ?? 'blog',
      name: fields.name ?? `post-${randomUUID()}`,
      id: fields.id ?? randomUUID(),
      at: fields.at ?? now + 60_000,
      timeZone: fields.timeZone ?? null,
      expiresAt: fields.expiresAt ?? null,
      content: { ...content, ...fields.content },
      requestDigest: fields.digest ?? randomUUID(),
    },
    now,
  )
}

/** A call to this URL; what is not given is made up. */
export function callTo(url: string, more: Partial<Call> = {}): Call {
  return {
    application: 'blog',
    name: 'post-42',
    id: randomUUID(),
    attempt: 1,
    dueAt: Date.UTC(2030, 0, 1),
    content: { ...content, target: { ...content.target, url } },
    ...more,
  }
}
