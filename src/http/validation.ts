import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import type { Static, TObject, TProperties } from 'typebox'
import type { AppError } from '../domain/errors.ts'
import { invalidInput } from './problem.ts'
import { type Named } from './schemas/named.ts'
import { clockSchemas, namedSchemas } from './schemas.ts'

export interface Validation {
  readonly compiler: FastifySchemaCompiler<unknown>
  /** @throws AppError `invalid_request` where a value is none of the schema */
  check<P extends TProperties>(schema: Named<P>, value: unknown): Static<TObject<P>>
}

const strict = { allErrors: true, coerceTypes: false, removeAdditional: false, useDefaults: false, strict: false } as const

/** "7" is not 7, and an unknown field is an error. Only a query, which has nothing but text, is read as what it should be. */
export function makeValidation(): Validation {
  const bodies = addFormats.default(new Ajv(strict))
  const queries = addFormats.default(new Ajv({ ...strict, coerceTypes: 'array' }))
  for (const schema of [...namedSchemas, ...clockSchemas]) bodies.addSchema(schema)
  return {
    compiler: ({ schema, httpPart }) => (httpPart === 'body' ? bodies : queries).compile(schema as object),
    check({ $id }, value) {
      const validate = bodies.getSchema($id)
      if (validate === undefined) throw new Error(`there is no schema ${$id}`)
      if (validate(value) !== true) throw toInvalid(validate.errors)
      return value as never
    },
  }
}

function toInvalid(errors: ErrorObject[] | null | undefined): AppError {
  return invalidInput((errors ?? []) as Parameters<typeof invalidInput>[0])
}
