/** Everything that can go wrong, as callers see it. Codes are part of the API and never change their meaning. */
export type ErrorCode =
  | 'malformed_request'
  | 'malformed_json'
  | 'unauthorized'
  | 'target_not_allowed'
  | 'not_found'
  | 'method_not_allowed'
  | 'name_in_use'
  | 'being_delivered'
  | 'already_finished'
  | 'request_timeout'
  | 'payload_too_large'
  | 'uri_too_long'
  | 'unsupported_media_type'
  | 'precondition_failed'
  | 'invalid_request'
  | 'too_many_requests'
  | 'too_many_pending'
  | 'headers_too_large'
  | 'internal_error'
  | 'unavailable'

/** One thing to change in a request; `pointer` is a JSON pointer (RFC 6901) into it. */
export interface InputError {
  readonly pointer: string
  readonly message: string
}

interface AppErrorOptions {
  /** What really happened; for the log, never for the caller. */
  readonly cause?: unknown
  readonly errors?: readonly InputError[]
  readonly retryAfterSeconds?: number
}

/** An error with a text for the caller (`message`) and, where there is one, an internal cause for the log. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly errors: readonly InputError[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, publicDetail: string, options: AppErrorOptions = {}) {
    super(publicDetail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.errors = options.errors
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** The service cannot start as things are; the message says what to change, and whoever starts it is the one to do so. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}

/** The error for a single field that a schema cannot judge. */
export function invalid(pointer: string, message: string): AppError {
  return new AppError('invalid_request', `${pointer} ${message}.`, { errors: [{ pointer, message }] })
}
