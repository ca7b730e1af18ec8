import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AppError } from '../../domain/errors.ts'
import type { CallbackTokens } from '../../domain/ports.ts'
import type { Firing } from '../../usecases/fire.ts'
import { notFound } from '../../usecases/readSchedule.ts'
import { bearerToken } from '../authenticate.ts'
import { answer, failures } from '../describe.ts'
import { ref } from '../schemas/named.ts'
import { CallbackPath } from '../schemas/parameters.ts'
import { WakeUp, WakeUpTaken } from '../schemas/wakeUp.ts'

export interface CallbackOptions {
  readonly tokens: CallbackTokens
  readonly fire: Firing['fire']
}

/** The per-job URL: where wake-ups come in from outside. */
export const callbackRoutes: FastifyPluginAsyncTypebox<CallbackOptions> = async (app, { tokens, fire }) => {
  app.post(
    '/callbacks/:application/:name',
    {
      schema: {
        operationId: 'wakeUp',
        summary: 'Wake a schedule up',
        description:
          'For the function that the wake-ups of AWS come from; nobody else has a token. A wake-up is only a hint: one that comes early is held until the schedule is due, and one that comes twice or too late changes nothing.',
        tags: ['callbacks'],
        security: [{ jobToken: [] }],
        params: CallbackPath,
        body: ref(WakeUp),
        response: {
          202: answer('It is seen to: at once, or when it is due.', WakeUpTaken, { result: 'taken' }),
          200: answer('There is nothing to do: finished, canceled, replaced, or being delivered already.', WakeUpTaken, {
            result: 'finished',
          }),
          ...failures(
            'malformed_json',
            'malformed_request',
            'unauthorized',
            'not_found',
            'payload_too_large',
            'uri_too_long',
            'unsupported_media_type',
            'invalid_request',
            'internal_error',
            'unavailable',
          ),
        },
      },
      bodyLimit: 4096,
      // Before the body is read: without any token it is not worth it.
      onRequest: async (request) => {
        if (bearerToken(request.headers) === undefined) throw unauthorized()
      },
    },
    async ({ params: { application, name }, body: { id }, headers }, reply) => {
      const wakeUp = { application, name, id }
      if (!tokens.isTokenOf(wakeUp, bearerToken(headers) ?? '')) throw unauthorized()
      const fired = await fire(wakeUp)
      if (fired.kind === 'taken') {
        reply.code(202)
        return { result: 'taken' as const }
      }
      if (fired.reason === 'unknown') throw notFound()
      return { result: fired.reason }
    },
  )
}

function unauthorized(): AppError {
  return new AppError('unauthorized', 'Send this job\'s own token as "Authorization: Bearer <token>".')
}
