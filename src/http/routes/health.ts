import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { answer, failures } from '../describe.ts'
import { Health } from '../schemas/health.ts'

interface Options {
  /** Rejects with AppError `unavailable` where the service cannot do its work. */
  readonly check: () => Promise<void>
}

export const healthRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { check }) => {
  const ok = { status: 'ok' as const }

  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'readLiveness',
        summary: 'Whether the process is up',
        tags: ['health'],
        security: [],
        response: { 200: answer('It is.', Health, ok), ...failures('internal_error') },
      },
    },
    async () => ok,
  )

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'readReadiness',
        summary: 'Whether the store can be read and written',
        tags: ['health'],
        security: [],
        response: { 200: answer('It can.', Health, ok), ...failures('internal_error', 'unavailable') },
      },
    },
    async () => {
      await check()
      return ok
    },
  )
}
