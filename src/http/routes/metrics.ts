import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { failures } from '../describe.ts'

export interface MetricsOptions {
  /** What the route answers, and as what. */
  readonly metrics: { text(): Promise<string>; readonly contentType: string }
}

export const metricsRoutes: FastifyPluginAsyncTypebox<MetricsOptions> = async (app, { metrics }) => {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'readMetrics',
        summary: 'What has happened, for Prometheus',
        tags: ['health'],
        security: [],
        response: {
          200: {
            description: 'The metrics.',
            content: { 'text/plain': { schema: { type: 'string' }, example: 'punctual_sweep_rescued_total{application="blog"} 0\n' } },
          },
          ...failures('internal_error'),
        },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  )
}
