import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorCode, type InputError } from '../domain/errors.ts'
import { hints } from './patterns.ts'

/** Each code's HTTP status and title. */
export const problems = {
  malformed_request: [400, 'The request is malformed'],
  malformed_json: [400, 'The body is not JSON'],
  unauthorized: [401, 'No valid API key'],
  target_not_allowed: [403, 'The target is not allowed'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'The method is not allowed here'],
  request_timeout: [408, 'The request took too long to arrive'],
  name_in_use: [409, 'The name is in use'],
  being_delivered: [409, 'The schedule is being delivered'],
  already_finished: [409, 'The schedule has finished'],
  payload_too_large: [413, 'The body is too large'],
  uri_too_long: [414, 'The URL is too long'],
  unsupported_media_type: [415, 'The body is of an unsupported type'],
  precondition_failed: [412, 'It has changed'],
  invalid_request: [422, 'The request is invalid'],
  too_many_requests: [429, 'Too many requests'],
  too_many_pending: [429, 'Too many unfinished schedules'],
  headers_too_large: [431, 'The headers are too large'],
  internal_error: [500, 'Internal error'],
  unavailable: [503, 'Temporarily unavailable'],
} as const satisfies Record<ErrorCode, readonly [status: number, title: string]>

export const problemType = 'application/problem+json; charset=utf-8'

/** The body of every error (RFC 9457). */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  readonly errors?: InputError[]
}

/** So many errors in one body at most: whoever has more will find them after mending these. */
const maxErrors = 20

export function problemOf({ code, message, errors }: AppError): Problem {
  const [status, title] = problems[code]
  const body: Problem = { type: 'about:blank', title, status, code, detail: message }
  return errors === undefined ? body : { ...body, errors: errors.slice(0, maxErrors) }
}

/** Twice the largest body of any route. */
const droppedBytes = 16 * 1024 * 1024

/** Answers with the problem; its cause is never told. */
export function sendProblem(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error)
  logIfOurs(error, request)
  request.problemCode = error.code
  // A caller who goes on sending into a connection that is closed loses the answer: what is not much too large is let in, and dropped.
  if (error.code === 'payload_too_large' && Number(request.headers['content-length']) <= droppedBytes)
    reply.header('connection', 'keep-alive')
  // Also where no hook has run, since the URL was no URL.
  reply.header('x-request-id', request.id)
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds)
  return reply.code(problem.status).type(problemType).serializer(JSON.stringify).send(problem)
}

/** What is wrong with our own machinery is for the log. */
export function logIfOurs(error: AppError, request: FastifyRequest): void {
  if (problems[error.code][0] >= 500)
    request.log.error({ requestId: request.id, err: error.cause ?? error, code: error.code }, error.message)
}

/** What Fastify itself found wrong, in our words. */
const frameworkErrors: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The body is larger than any schedule may be.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_request', 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: ['malformed_request', 'The URL is malformed: a percent sign is followed by something that is no UTF-8.'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'A part of the path is longer than any name.'],
}

export function toAppError(error: FastifyError | AppError): AppError {
  if (error instanceof AppError) return error
  if (error.validation !== undefined) return invalidInput(error.validation)
  const known = frameworkErrors[error.code]
  if (known !== undefined) return new AppError(known[0], known[1])
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new AppError('malformed_request', 'The request is malformed.', { cause: error })
  }
  return new AppError('internal_error', 'Something is wrong on our side. It has been logged.', { cause: error })
}

type Validation = NonNullable<FastifyError['validation']>

/** What a schema has found wrong. */
export function invalidInput(validation: Validation): AppError {
  const errors = inputErrors(validation)
  const summary = errors.slice(0, 3).map(({ pointer, message }) => `${pointer === '' ? 'The body' : pointer} ${message}`)
  return new AppError('invalid_request', `${summary.join('; ')}.`, { errors })
}

function inputErrors(validation: Validation): InputError[] {
  // Of a choice that failed, what is wrong with each branch only confuses; of a field's name, that there is something wrong.
  const told = validation.filter(({ schemaPath, keyword }) => keyword !== 'propertyNames' && !/\/oneOf\/\d/.test(schemaPath))
  return told.map(({ instancePath, keyword, params, message = 'is invalid' }) => {
    switch (keyword) {
      case 'required':
        return { pointer: `${instancePath}/${pointerPart(params.missingProperty)}`, message: 'is required' }
      case 'additionalProperties':
        return { pointer: `${instancePath}/${pointerPart(params.additionalProperty)}`, message: 'is not a known field' }
      case 'oneOf':
        return { pointer: instancePath, message: 'needs exactly one of at and delaySeconds' }
      case 'minProperties':
        return { pointer: instancePath, message: 'needs at least one field' }
      case 'pattern':
        return { pointer: instancePath, message: hints.get(params.pattern) ?? message }
      case 'enum':
        return { pointer: instancePath, message: `must be one of ${(params.allowedValues as unknown[]).join(', ')}` }
      default:
        return { pointer: instancePath, message }
    }
  })
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-3 */
function pointerPart(name: unknown): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1')
}
