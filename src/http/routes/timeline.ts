import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { invalid } from '../../domain/errors.ts'
import type { Timeline as TimelinePort } from '../../domain/ports.ts'
import { timelineStatuses } from '../../domain/schedule.ts'
import { formatInstant } from '../../domain/time.ts'
import { answer, failures, ofCallers } from '../describe.ts'
import { exampleTimeline } from '../examples.ts'
import { toInstant } from '../request.ts'
import { TimelineQuery } from '../schemas/parameters.ts'
import { Timeline } from '../schemas/timeline.ts'

export interface TimelineUseCases {
  readTimeline: TimelinePort['timeline']
}

interface Options {
  readonly useCases: TimelineUseCases
}

/** Enough to tell many from few, and few enough to be counted each time somebody looks. */
const countedUpTo = 1000

/** When there is how much, for whoever draws it. */
export const timelineRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { useCases }) => {
  app.get(
    '/timeline',
    {
      schema: {
        operationId: 'readTimeline',
        summary: 'How many schedules there are when',
        description: 'By `at` and status, in intervals. What it costs depends on the intervals, and not on how many schedules there are.',
        tags: ['schedules'],
        security: [{ apiKey: [] }],
        querystring: TimelineQuery,
        response: {
          200: answer('Counts for each interval.', Timeline, exampleTimeline),
          ...failures(...ofCallers, 'invalid_request'),
        },
      },
    },
    async ({ application, query }) => {
      const edges = edgesOf(toInstant(query.from, '/from'), toInstant(query.to, '/to'), query.buckets ?? 60)
      const counts = await useCases.readTimeline({ application, statuses: query.status ?? timelineStatuses, edges, countedUpTo })
      const buckets = counts.map((counts, index) => ({
        from: formatInstant(edges[index] ?? 0),
        to: formatInstant(edges[index + 1] ?? 0),
        counts,
      }))
      return { countedUpTo, buckets }
    },
  )
}

/** @throws AppError `invalid_request` where there is not a millisecond for each interval */
function edgesOf(from: number, to: number, buckets: number): number[] {
  if (to - from < buckets) throw invalid('/to', 'must be later than from, by a millisecond for each bucket at least')
  return Array.from({ length: buckets + 1 }, (_, index) => from + Math.round(((to - from) * index) / buckets))
}
