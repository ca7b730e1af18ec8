import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Page, ScheduleStore } from '../../domain/ports.ts'
import type { Schedule } from '../../domain/schedule.ts'
import type { Created, CreateRequest } from '../../usecases/createSchedule.ts'
import type { Authenticate } from '../authenticate.ts'
import { answer, failures } from '../describe.ts'
import { exampleCanceled, exampleDelivered, exampleList, exampleScheduled } from '../examples.ts'
import { toCreateRequest, toInstant, toResource } from '../resource.ts'
import { CreateSchedule, ListQuery, NamePath, ref, ScheduleList, Schedule as ScheduleResource } from '../schemas.ts'

export interface ScheduleUseCases {
  createSchedule(request: CreateRequest): Promise<Created>
  readSchedule(application: string, name: string): Promise<Schedule>
  cancelSchedule(application: string, name: string): Promise<Schedule>
  listSchedules: ScheduleStore['list']
}

interface Options {
  readonly useCases: ScheduleUseCases
  readonly authenticate: Authenticate
}

const locationHeader = { type: 'string', description: "The schedule's address.", example: '/schedules/post-42' }

const security = [{ apiKey: [] }]

/** The routes that callers use. */
export const scheduleRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { useCases, authenticate }) => {
  app.decorateRequest('application', '')
  // Before the body is read: a stranger's is not worth it.
  app.addHook('onRequest', async (request) => {
    request.application = authenticate(request)
  })

  app.post(
    '/schedules',
    {
      schema: {
        operationId: 'createSchedule',
        summary: 'Schedule a call',
        description:
          'Sent again with the very same body within 24 hours, it answers with the schedule that is there, whatever has become of it: repeat it without a worry when a connection broke. The name of a finished schedule can be used again.',
        tags: ['schedules'],
        security,
        body: ref(CreateSchedule),
        response: {
          201: {
            ...answer('It is recorded, durably, and will be delivered.', ScheduleResource, exampleScheduled),
            headers: { location: locationHeader },
          },
          200: answer('This request has been answered before: the schedule it made.', ScheduleResource, exampleScheduled),
          ...failures(
            'malformed_json',
            'malformed_request',
            'unauthorized',
            'target_not_allowed',
            'name_in_use',
            'payload_too_large',
            'unsupported_media_type',
            'invalid_request',
            'too_many_requests',
            'internal_error',
            'unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const traceparent = request.headers.traceparent
      const create = toCreateRequest(
        request.application,
        request.body,
        request.bodyText,
        typeof traceparent === 'string' ? traceparent : undefined,
      )
      const { created, schedule } = await useCases.createSchedule(create)
      if (created) reply.code(201).header('location', `/schedules/${schedule.name}`)
      return toResource(schedule)
    },
  )

  app.get(
    '/schedules',
    {
      schema: {
        operationId: 'listSchedules',
        summary: 'List schedules, soonest first',
        description: 'A page may be shorter than the limit although more follow: nextCursor alone tells.',
        tags: ['schedules'],
        security,
        querystring: ListQuery,
        response: {
          200: answer('A page of them.', ScheduleList, exampleList),
          ...failures('malformed_request', 'unauthorized', 'invalid_request', 'internal_error', 'unavailable'),
        },
      },
    },
    async ({ application, query }) => {
      const page = await useCases.listSchedules({
        application,
        status: query.status,
        from: query.from === undefined ? undefined : toInstant(query.from, '/from'),
        to: query.to === undefined ? undefined : toInstant(query.to, '/to'),
        namePrefix: query.namePrefix,
        limit: query.limit ?? 100,
        after: query.cursor === undefined ? undefined : Buffer.from(query.cursor, 'base64url').toString(),
      })
      return { items: page.items.map(toResource), nextCursor: cursorOf(page) }
    },
  )

  app.get(
    '/schedules/:name',
    {
      schema: {
        operationId: 'readSchedule',
        summary: 'One schedule, with its attempts',
        tags: ['schedules'],
        security,
        params: NamePath,
        response: {
          200: answer('The schedule.', ScheduleResource, exampleDelivered),
          ...failures('malformed_request', 'unauthorized', 'not_found', 'uri_too_long', 'internal_error', 'unavailable'),
        },
      },
    },
    async ({ application, params }) => toResource(await useCases.readSchedule(application, params.name)),
  )

  app.delete(
    '/schedules/:name',
    {
      schema: {
        operationId: 'cancelSchedule',
        summary: 'Cancel a schedule',
        description: 'Once this has answered, the schedule is never delivered. Answers the same when asked again.',
        tags: ['schedules'],
        security,
        params: NamePath,
        response: {
          200: answer('It is canceled.', ScheduleResource, exampleCanceled),
          ...failures(
            'malformed_request',
            'unauthorized',
            'not_found',
            'being_delivered',
            'already_finished',
            'uri_too_long',
            'internal_error',
            'unavailable',
          ),
        },
      },
    },
    async ({ application, params }) => toResource(await useCases.cancelSchedule(application, params.name)),
  )
}

function cursorOf({ next }: Page): string | null {
  return next === undefined ? null : Buffer.from(next).toString('base64url')
}
