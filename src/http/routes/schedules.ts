import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Page, ScheduleStore } from '../../domain/ports.ts'
import type { Schedule } from '../../domain/schedule.ts'
import type { ChangeRequest } from '../../usecases/changeSchedule.ts'
import type { Created, CreateRequest } from '../../usecases/createSchedule.ts'
import type { Expected } from '../../usecases/precondition.ts'
import { answer, failures, ofBodies, ofCallers, ofMoves, ofNames } from '../describe.ts'
import { entityTagOf, expectedBy, isKnownTo } from '../entityTag.ts'
import { exampleCanceled, exampleDelivered, exampleList, exampleRunning, exampleScheduled } from '../examples.ts'
import { toChange, toCreateRequest, toInstant } from '../request.ts'
import { toResource } from '../resource.ts'
import { ref } from '../schemas/named.ts'
import { IfMatch, IfNoneMatch, ListQuery, NamePath } from '../schemas/parameters.ts'
import { ChangeSchedule, CreateSchedule } from '../schemas/requests.ts'
import { ScheduleList, Schedule as ScheduleResource } from '../schemas/schedule.ts'
import { traceparentOf } from '../traceparent.ts'

export interface ScheduleUseCases {
  createSchedule(request: CreateRequest): Promise<Created>
  readSchedule(application: string, name: string): Promise<Schedule>
  changeSchedule(request: ChangeRequest): Promise<Schedule>
  runSchedule(application: string, name: string, isExpected: Expected): Promise<Schedule>
  cancelSchedule(application: string, name: string, isExpected: Expected): Promise<Schedule>
  listSchedules: ScheduleStore['list']
}

interface Options {
  readonly useCases: ScheduleUseCases
}

const headers = {
  location: { type: 'string', description: "The schedule's address.", example: '/schedules/post-42' },
  etag: { type: 'string', description: 'What it is now: for If-Match and If-None-Match.' },
}

const security = [{ apiKey: [] }]

/** The routes that callers use for one schedule, and to list them. */
export const scheduleRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { useCases }) => {
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
          201: answer('It is recorded, durably, and will be delivered.', ScheduleResource, exampleScheduled, headers),
          200: answer(
            'This request has been answered before, or the one there is was to be kept: that schedule.',
            ScheduleResource,
            exampleScheduled,
            { etag: headers.etag },
          ),
          ...failures(
            ...ofCallers,
            ...ofBodies,
            'target_not_allowed',
            'name_in_use',
            'being_delivered',
            'invalid_request',
            'too_many_pending',
          ),
        },
      },
    },
    async (request, reply) => {
      const create = toCreateRequest(request.application, request.body, request.bodyText, traceparentOf(request.headers))
      const { created, schedule } = await useCases.createSchedule(create)
      request.logged = { schedule: schedule.name }
      reply.header('etag', entityTagOf(schedule))
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
          ...failures(...ofCallers, 'invalid_request'),
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
        headers: IfNoneMatch,
        response: {
          200: answer('The schedule.', ScheduleResource, exampleDelivered, { etag: headers.etag }),
          304: { description: 'It is as If-None-Match names it.', type: 'null', headers: { etag: headers.etag } },
          ...failures(...ofCallers, ...ofNames),
        },
      },
    },
    async (request, reply) => {
      const schedule = await useCases.readSchedule(request.application, request.params.name)
      const entityTag = entityTagOf(schedule)
      reply.header('etag', entityTag)
      return isKnownTo(request.headers, entityTag) ? (reply as FastifyReply).code(304).send() : toResource(schedule)
    },
  )

  app.patch(
    '/schedules/:name',
    {
      schema: {
        operationId: 'changeSchedule',
        summary: 'Change a schedule, or move it to another moment',
        description:
          'While it is scheduled, also between two attempts. It keeps its id and its attempts. With If-Match, only if nobody else has changed it since.',
        tags: ['schedules'],
        security,
        params: NamePath,
        headers: IfMatch,
        body: ref(ChangeSchedule),
        response: {
          200: answer('It is changed, durably.', ScheduleResource, exampleScheduled, { etag: headers.etag }),
          ...failures(...ofCallers, ...ofBodies, ...ofNames, ...ofMoves, 'target_not_allowed', 'invalid_request'),
        },
      },
    },
    async (request, reply) => {
      const schedule = await useCases.changeSchedule({
        application: request.application,
        name: request.params.name,
        ...toChange(request.body, request.bodyText),
        isExpected: expectedBy(request.headers),
      })
      reply.header('etag', entityTagOf(schedule))
      return toResource(schedule)
    },
  )

  app.post(
    '/schedules/:name/run',
    {
      schema: {
        operationId: 'runSchedule',
        summary: 'Deliver a schedule now',
        description:
          'Ahead of its time, or again after it was delivered, failed or expired, then with all its attempts. What was canceled is not delivered.',
        tags: ['schedules'],
        security,
        params: NamePath,
        headers: IfMatch,
        response: {
          202: answer('It is due now, durably: read it to see what came of it.', ScheduleResource, exampleRunning, { etag: headers.etag }),
          ...failures(...ofCallers, ...ofBodies, ...ofNames, ...ofMoves),
        },
      },
    },
    async (request, reply) => {
      const schedule = await useCases.runSchedule(request.application, request.params.name, expectedBy(request.headers))
      reply.code(202).header('etag', entityTagOf(schedule))
      return toResource(schedule)
    },
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
        headers: IfMatch,
        response: {
          200: answer('It is canceled.', ScheduleResource, exampleCanceled, { etag: headers.etag }),
          ...failures(...ofCallers, ...ofBodies, ...ofNames, ...ofMoves),
        },
      },
    },
    async (request, reply) => {
      const schedule = await useCases.cancelSchedule(request.application, request.params.name, expectedBy(request.headers))
      reply.header('etag', entityTagOf(schedule))
      return toResource(schedule)
    },
  )
}

function cursorOf({ next }: Page): string | null {
  return next === undefined ? null : Buffer.from(next).toString('base64url')
}
