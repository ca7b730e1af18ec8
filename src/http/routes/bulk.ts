import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Canceled as CanceledCount } from '../../usecases/cancelSchedule.ts'
import type { CreateRequest, Creating } from '../../usecases/createSchedule.ts'
import { answer, failures, ofBodies, ofCallers } from '../describe.ts'
import { exampleBatchResult } from '../examples.ts'
import { acceptJson, parsePlainly, refuseForbiddenKeys } from '../jsonBody.ts'
import { elementsOf, outline } from '../jsonText.ts'
import { logIfOurs, problemOf, toAppError } from '../problem.ts'
import { toCreateRequest } from '../request.ts'
import { toResource } from '../resource.ts'
import { BatchResult, Canceled } from '../schemas/bulk.ts'
import { ref } from '../schemas/named.ts'
import { CancelQuery, Prefer } from '../schemas/parameters.ts'
import { BatchEnvelope, CreateBatch, CreateSchedule } from '../schemas/requests.ts'
import { traceparentOf } from '../traceparent.ts'
import type { Validation } from '../validation.ts'

export interface BulkUseCases {
  createSchedules: Creating['createSchedules']
  cancelSchedules(application: string, namePrefix: string): Promise<CanceledCount>
}

interface Options {
  readonly useCases: BulkUseCases
  readonly validation: Validation
}

/** A thousand schedules of 8 KiB. */
const maxBatchBytes = 8 * 1024 * 1024

type Result = Static<typeof BatchResult>['results'][number]

/** The routes that do one thing to many schedules. */
export const bulkRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { useCases, validation }) => {
  acceptJson(app, parsePlainly)

  app.post(
    '/schedules/batch',
    {
      bodyLimit: maxBatchBytes,
      // The items are judged one by one.
      validatorCompiler: (route) => validation.compiler(route.httpPart === 'body' ? { ...route, schema: BatchEnvelope } : route),
      schema: {
        operationId: 'createSchedules',
        summary: 'Schedule up to 1,000 calls',
        description:
          'Each item is created as by POST /schedules, or refused, by itself; the results are in the order of the items. Sent again with the same items, it creates nothing twice where they have names. On the embedded engine all become durable in one commit. At most 8 MiB.',
        tags: ['schedules'],
        security: [{ apiKey: [] }],
        headers: Prefer,
        body: ref(CreateBatch),
        response: {
          200: answer('What came of each item.', BatchResult, exampleBatchResult, {
            'preference-applied': { type: 'string', description: 'return=minimal, where that was asked for.' },
          }),
          ...failures(...ofCallers, ...ofBodies, 'invalid_request'),
        },
      },
    },
    async (request, reply) => {
      const isMinimal = /(?:^|[,;\s])return=minimal(?:$|[,;\s])/i.test(request.headers.prefer ?? '')
      if (isMinimal) reply.header('preference-applied', 'return=minimal')
      const texts = elementsOf(outline(request.bodyText, 'items').member ?? '[]')
      const read = request.body.items.map((item, index) => readItem(request, validation, item, texts[index] ?? ''))
      const created = await useCases.createSchedules(
        request.application,
        read.filter((item): item is CreateRequest => !isResult(item)),
      )
      const outcomes = created.values()
      const results = read.map((item): Result => {
        if (isResult(item)) return item
        const outcome = outcomes.next().value
        if (outcome?.status !== 'fulfilled') return refusal(request, outcome?.reason)
        const { created, schedule } = outcome.value
        const status = created ? 201 : 200
        return isMinimal ? { status, name: schedule.name, id: schedule.id } : { status, schedule: toResource(schedule) }
      })
      request.logged = { items: results.length, created: results.filter(({ status }) => status === 201).length }
      return { results }
    },
  )

  app.delete(
    '/schedules',
    {
      schema: {
        operationId: 'cancelSchedules',
        summary: 'Cancel all schedules whose name begins like this',
        description:
          'Once this has answered, none that it has canceled is ever delivered. What is created meanwhile may escape it. Where it fails, ask again: it goes on.',
        tags: ['schedules'],
        security: [{ apiKey: [] }],
        querystring: CancelQuery,
        response: {
          200: answer('How many.', Canceled, { canceled: 3, skipped: 1 }),
          ...failures(...ofCallers, ...ofBodies, 'invalid_request'),
        },
      },
    },
    async (request) => {
      const { canceled, skipped } = await useCases.cancelSchedules(request.application, request.query.namePrefix)
      request.logged = { canceled, skipped }
      return { canceled, skipped }
    },
  )
}

function isResult(item: CreateRequest | Result): item is Result {
  return 'status' in item
}

/** The item as a request, or what is wrong with it. */
function readItem(request: FastifyRequest, validation: Validation, item: unknown, text: string): CreateRequest | Result {
  try {
    refuseForbiddenKeys(item, text)
    const body = validation.check(CreateSchedule, item)
    return toCreateRequest(request.application, body, text, traceparentOf(request.headers))
  } catch (error) {
    return refusal(request, error)
  }
}

function refusal(request: FastifyRequest, error: unknown): Result {
  const reason = toAppError(error as Parameters<typeof toAppError>[0])
  logIfOurs(reason, request)
  const problem = problemOf(reason)
  return { status: problem.status, problem }
}
