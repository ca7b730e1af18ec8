import type { Api } from '../support/api.ts'

/** How many are pending, one a minute. */
export const pendingCount = 55

/**
 * Schedules of every status that lasts, in the application of the API: `pending-…`, `delivered-…`, `flaky`, `failing`, `gone`,
 * `expired`, `canceled`, and `kolkata`, which was made in a zone of its own.
 *
 * @param origin of an owner that answers as its paths ask for
 */
export async function seed(api: Api, origin: string): Promise<void> {
  const target = (path: string): object => ({ url: `${origin}${path}` })
  await api.createAll([
    ...Array.from({ length: pendingCount }, (_, index) => ({
      name: `pending-${String(index).padStart(2, '0')}`,
      delaySeconds: (index + 1) * 60,
      target: target('/ok'),
      payload: { postId: index },
    })),
    { name: 'kolkata', at: '2030-12-01T09:00:00', timeZone: 'Asia/Kolkata', target: target('/ok') },
    { name: 'canceled', delaySeconds: 1800, target: target('/ok') },
    ...Array.from({ length: 5 }, (_, index) => ({ name: `delivered-${index}`, delaySeconds: 0, target: target('/ok') })),
    { name: 'flaky', delaySeconds: 0, target: target('/flaky'), retry: { initialDelaySeconds: 0.05 } },
    { name: 'failing', delaySeconds: 0, target: target('/failing'), retry: { maxAttempts: 2, initialDelaySeconds: 0.05 } },
    { name: 'gone', delaySeconds: 0, target: target('/gone') },
    { name: 'expired', delaySeconds: 0, expiresAfterSeconds: 1, target: target('/failing'), retry: { initialDelaySeconds: 3600 } },
  ])
  await api.cancel('canceled')
  await Promise.all([
    api.waitForStatus('delivered-4', 'delivered'),
    api.waitForStatus('flaky', 'delivered'),
    api.waitForStatus('failing', 'failed'),
    api.waitForStatus('gone', 'failed'),
    api.waitForStatus('expired', 'expired'),
  ])
}
