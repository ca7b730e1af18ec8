/** What the OpenAPI document shows: one schedule's life, told once. */
export const exampleRetry = { maxAttempts: 8, initialDelaySeconds: 5, maxDelaySeconds: 3600 }

const target = { url: 'http://localhost:3000/hooks/publish', method: 'POST' } as const
export const exampleTargetInput = { url: 'http://localhost:3000/hooks/reminders/7', method: 'PUT', headers: { 'x-tenant': '7' } }
export const exampleTarget = { ...target, headers: {} }

const payload = { postId: 42, text: 'hello' }

/** The ways to say when, and what to do about one of the name that is there. */
export const exampleRequests = {
  'At a moment': { name: 'post-42', at: '2030-12-01T09:00:00+05:30', target, payload },
  'At a local time, which comes twice': {
    name: 'reminder-7',
    at: '2030-10-27T02:30:00',
    timeZone: 'Europe/Berlin',
    disambiguation: 'later',
    target: exampleTargetInput,
    expiresAfterSeconds: 3600,
  },
  'After a delay': { delaySeconds: 10, target, payload, retry: exampleRetry },
  'Debounced: the newest wins': { name: 'digest.user-7', delaySeconds: 60, target, payload: { unread: 3 }, ifExists: 'replace' },
}

export const exampleChanges = {
  'Another moment': { at: '2030-12-02T09:00:00+05:30' },
  'Another local time': { at: '2030-10-27T02:30:00', timeZone: 'Europe/Berlin', disambiguation: 'earlier' },
  'Put off, with another payload, without an end': {
    delaySeconds: 3600,
    payload: { postId: 42, text: 'hello again' },
    expiresAfterSeconds: null,
  },
  'Another target and retry policy': { target: exampleTargetInput, retry: { maxAttempts: 3 } },
}

export const exampleBatch = { items: Object.values(exampleRequests).slice(0, 3) }

const common = {
  name: 'post-42',
  id: '0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10',
  application: 'blog',
  at: '2030-12-01T03:30:00.000Z',
  target: exampleTarget,
  payload,
  retry: exampleRetry,
  createdAt: '2030-11-30T10:00:00.000Z',
}

export const exampleScheduled = { ...common, status: 'scheduled', nextAttemptAt: common.at, updatedAt: common.createdAt, attempts: [] }

export const exampleCanceled = {
  ...common,
  status: 'canceled',
  updatedAt: '2030-11-30T11:00:00.000Z',
  finishedAt: '2030-11-30T11:00:00.000Z',
  attempts: [],
}

export const exampleDelivered = {
  ...common,
  status: 'delivered',
  updatedAt: '2030-12-01T03:30:00.024Z',
  finishedAt: '2030-12-01T03:30:00.024Z',
  attempts: [
    {
      number: 1,
      dueAt: common.at,
      startedAt: '2030-12-01T03:30:00.001Z',
      latenessMs: 1,
      durationMs: 20,
      outcome: 'delivered',
      statusCode: 200,
      responseBody: 'ok',
    },
  ],
}

export const exampleTimeline = {
  countedUpTo: 1000,
  buckets: [
    {
      from: '2030-12-01T03:00:00.000Z',
      to: '2030-12-01T04:00:00.000Z',
      counts: { scheduled: 0, delivered: 12, failed: 1, canceled: 2, expired: 0 },
    },
    {
      from: '2030-12-01T04:00:00.000Z',
      to: '2030-12-01T05:00:00.000Z',
      counts: { scheduled: 1000, delivered: 0, failed: 0, canceled: 0, expired: 0 },
    },
  ],
}

export const exampleList = { items: [exampleDelivered], nextCursor: null }

export const exampleRunning = { ...exampleScheduled, nextAttemptAt: '2030-11-30T12:00:00.000Z', updatedAt: '2030-11-30T12:00:00.000Z' }

export const exampleInvalid = {
  type: 'about:blank',
  title: 'The request is invalid',
  status: 422,
  code: 'invalid_request',
  detail: '/delaySeconds must be number.',
  errors: [{ pointer: '/delaySeconds', message: 'must be number' }],
}

export const exampleBatchResult = {
  results: [
    { status: 201, schedule: exampleScheduled },
    {
      status: 409,
      problem: {
        type: 'about:blank',
        title: 'The name is in use',
        status: 409,
        code: 'name_in_use',
        detail: 'There is a schedule post-42 already, status scheduled, id 0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10.',
      },
    },
  ],
}
