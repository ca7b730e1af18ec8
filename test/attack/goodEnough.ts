import { faultOf } from '../support/document.ts'
import type { HostileRequest } from './hostileRequests.ts'

/**
 * Whether a request may be accepted at all, judged from its bytes and the OpenAPI document alone: what of it the service
 * must have refused; undefined where nothing must.
 */
export function reasonToRefuse(request: HostileRequest, key: string): string | undefined {
  const { route, method, headers } = request
  if (method !== route.method && !(method === 'HEAD' && route.method === 'GET')) return undefined
  const header = (name: string): string | undefined => headers.find(([each]) => each === name)?.[1]
  const needsKey = route.operation.security?.some((one) => 'apiKey' in one) ?? false
  if (needsKey && header('authorization') !== `Bearer ${key}`) return 'there is no valid key'
  return faultOfQuery(request) ?? faultOfBody(request, header('content-type'), header('content-encoding'))
}

function faultOfQuery({ route, target }: HostileRequest): string | undefined {
  const known = (route.operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  if (known.length === 0) return undefined
  const query = new URLSearchParams(target.split('?')[1] ?? '')
  for (const [name, value] of query) {
    if (name === '' && value === '') continue
    const parameter = known.find((each) => each.name === name)
    if (parameter === undefined) return `the query has an unknown ${name}`
    if (query.getAll(name).length > 1) return `the query has ${name} twice`
    const { minimum = -Infinity, maximum = Infinity, type, enum: choices, pattern, maxLength = Infinity } = parameter.schema
    const isNumber =
      type !== 'integer' || (value !== '' && Number.isInteger(Number(value)) && Number(value) >= minimum && Number(value) <= maximum)
    if (!isNumber || (choices !== undefined && !choices.includes(value)) || value.length > maxLength) return `${name} is ${value}`
    if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return `${name} is ${value}`
    if (['from', 'to'].includes(name) && !isInstant(value)) return `${name} is ${value}`
  }
  return undefined
}

function faultOfBody({ route, body }: HostileRequest, type = '', encoding = 'identity'): string | undefined {
  const schema = route.operation.requestBody?.content['application/json']?.schema
  if (schema === undefined || body === undefined) return undefined
  if (!/^application\/json\s*(?:$|;|,)/i.test(type)) return `its content type is ${type}`
  if (encoding !== 'identity') return `its content encoding is ${encoding}`
  const read = parse(body)
  if ('fault' in read) return read.fault
  const { value } = read
  if (route.path === '/schedules/batch')
    return Array.isArray((value as { items?: unknown } | null)?.items) ? undefined : 'there are no items'
  return faultOfJson(value, schema.$ref)
}

/** What is wrong with a body, or with an item of a batch; undefined where nothing that could be known is. */
export function faultOfJson(value: unknown, $ref: string | undefined): string | undefined {
  if (hasTrap(value)) return 'it has a key that is a trap'
  if (depthOf(value) > 100) return 'it is too deep'
  const fault = faultOf($ref, value)
  if (fault !== undefined) return fault
  const { at, timeZone } = value as { readonly at?: string; readonly timeZone?: string }
  if (at !== undefined && timeZone === undefined && !isInstant(at)) return `${at} is no instant`
  return undefined
}

/** By the standard's decoder and parser, not by the service's. */
export function parse(body: Buffer): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)) as unknown }
  } catch (error) {
    return { fault: String(error) }
  }
}

function hasTrap(value: unknown): boolean {
  return somewhere(value, (each) => {
    const inner: unknown = Object.getOwnPropertyDescriptor(each, 'constructor')?.value
    return Object.hasOwn(each, '__proto__') || (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype'))
  })
}

function depthOf(value: unknown): number {
  let deepest = 0
  somewhere(value, (_each, depth) => {
    deepest = Math.max(deepest, depth)
    return false
  })
  return deepest
}

/** Whether any object or array in a value is like this; without recursion, which deep ones would exhaust. */
function somewhere(value: unknown, isSo: (each: object, depth: number) => boolean): boolean {
  const left: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, depth } = next
    if (typeof value !== 'object' || value === null) continue
    if (isSo(value, depth)) return true
    for (const inner of Object.values(value)) left.push({ value: inner, depth: depth + 1 })
  }
  return false
}

/** Whether a text is an RFC 3339 instant in the years 1970 to 9999: by other means than the service's. */
function isInstant(text: string): boolean {
  const match = /^((\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d))(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))$/i.exec(text)
  if (match === null) return false
  const [, , day = '', hour, minute, second, offsetHour = '0', offsetMinute = '0'] = match
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offsetHour) > 23 || Number(offsetMinute) > 59) return false
  const midnight = Date.parse(`${day}T00:00:00Z`)
  return new Date(midnight).toJSON()?.slice(0, 10) === day && midnight >= Date.parse('1969-12-31') && midnight <= Date.parse('9999-12-31')
}
