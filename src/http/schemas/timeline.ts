import { Type } from 'typebox'
import { timelineStatuses } from '../../domain/schedule.ts'
import { exampleTimeline } from '../examples.ts'
import { instant, named, ref } from './named.ts'

export const TimelineBucket = named(
  'TimelineBucket',
  {
    from: instant('Where it begins.'),
    to: instant('Where it ends; what is at this moment is in the next one.'),
    counts: Type.Unsafe<Readonly<Record<string, number>>>({
      type: 'object',
      properties: Object.fromEntries(timelineStatuses.map((status) => [status, { type: 'integer', minimum: 0 }])),
      additionalProperties: false,
      description: 'By status, of those that were asked for; what is being delivered counts as scheduled.',
    }),
  },
  { description: 'How many schedules have their `at` in this interval.' },
)

export const Timeline = named(
  'Timeline',
  {
    countedUpTo: Type.Integer({ minimum: 1, description: 'A count of this much means: so many, or more.' }),
    buckets: Type.Array(ref(TimelineBucket), { description: 'In the order of time.' }),
  },
  { examples: [exampleTimeline] },
)
