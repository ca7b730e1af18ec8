import type { components } from '../../../openapi/openapi.d.ts'

export type Schedule = components['schemas']['Schedule']
export type Status = Schedule['status']
export type Attempt = components['schemas']['Attempt']
export type Problem = components['schemas']['Problem']
export type Timeline = components['schemas']['Timeline']

/** In the order of a schedule's life. */
export const statuses = ['scheduled', 'delivering', 'delivered', 'failed', 'expired', 'canceled'] as const satisfies readonly Status[]

/** What a timeline counts: there, what is being delivered is still `scheduled`. */
export type CountedStatus = Exclude<Status, 'delivering'>
