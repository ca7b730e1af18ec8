import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Schema } from './fromSchema.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
  readonly example?: string | number
}

/** A body, of one type. */
export interface Media {
  readonly schema: Schema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

export interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
  readonly security?: readonly object[]
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Schema> }
}

/** One method of one path, as the OpenAPI document has it. */
export interface Route {
  /** Such as `POST /schedules/{name}/run`. */
  readonly title: string
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** As much of an answer as the document can say something about. */
export interface Answered {
  readonly status: number
  readonly type: string
  readonly text: string
}

export const documentFile = new URL('../../openapi/openapi.json', import.meta.url).pathname
const document = JSON.parse(readFileSync(documentFile, 'utf8')) as Document

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }))
ajv.addSchema({ $id: 'openapi', ...document })
const prefix = '#/components/schemas/'

/** The schemas that have a name. */
export const schemas: Readonly<Record<string, Schema>> = document.components.schemas

export const resolve = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (document.components.schemas[schema.$ref.slice(prefix.length)] ?? {})

export const routes: readonly Route[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    title: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    operation,
  })),
)

/** What is wrong with a value by one of the document's schemas; undefined where nothing is. */
export function faultOf($ref: string | undefined, value: unknown): string | undefined {
  const validate = ajv.getSchema(`openapi${$ref}`)
  if (validate === undefined) throw new Error(`there is no schema ${$ref}`)
  return validate(value) ? undefined : ajv.errorsText(validate.errors)
}

/** What an answer has that the document does not say; undefined where it is as the document says. */
export function undocumented({ operation, title }: Pick<Route, 'operation' | 'title'>, { status, type, text }: Answered) {
  const described = operation.responses[status]
  if (described === undefined) return `${title}: ${status} is not documented: ${text.slice(0, 300)}`
  const mediaType = type.split(';')[0] ?? ''
  if (described.content === undefined) return text === '' ? undefined : `${title}: a body where none is documented`
  const content = described.content[mediaType]
  if (content === undefined) return `${title} ${status}: ${mediaType} is not documented`
  if (mediaType === 'text/plain') return undefined
  const body: unknown = JSON.parse(text)
  const fault = faultOf(content.schema.$ref, body)
  if (fault !== undefined) return `${title} ${status}: ${fault}: ${text.slice(0, 300)}`
  const { code } = body as { readonly code?: string }
  const isCodeKnown = mediaType !== 'application/problem+json' || (code !== undefined && code in (content.examples ?? {}))
  return isCodeKnown ? undefined : `${title} ${status}: the code ${code} is not documented: ${text.slice(0, 300)}`
}
