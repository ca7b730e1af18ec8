import fc from 'fast-check'
import type { Scope } from '../support/directory.ts'
import { type Answered, undocumented } from '../support/document.ts'
import type { Proof } from '../support/proof.ts'
import { type Besieged, besiege, keys } from './besieged.ts'
import { faultOfJson, parse, reasonToRefuse } from './goodEnough.ts'
import { injectHeaders } from './headerInjection.ts'
import { bytesOf, type HostileRequest, hostileRequests } from './hostileRequests.ts'
import { faultsOfLog } from './logLines.ts'
import { rawBytes } from './rawBytes.ts'
import { askOnce, makeLine, type RawAnswer } from './rawHttp.ts'

const seed = 20_261_124
/** Of so many inputs one is bytes on a connection of its own. */
const rawShare = 10
const atOnce = 8
/** Drawn at once: no more of them are in memory. */
const drawn = 200

/** What any request can be answered that is none, or leads nowhere; the document says so where it introduces itself. */
const anywhere = new Set(['400 malformed_request', '404 not_found', '405 method_not_allowed', '431 headers_too_large', '414 uri_too_long'])

interface Findings {
  readonly seen: Map<string, number>
  readonly violations: string[]
}

/** Generated bad inputs, against every route of a real service, over real sockets. */
export async function badInput(scope: Scope, isShort: boolean): Promise<Proof> {
  const count = isShort ? 3000 : 20_000
  const besieged = await besiege(scope)
  const findings: Findings = { seen: new Map(), violations: [] }
  const before = await canaries(besieged)
  await sendAll(besieged, count, findings)
  const injected = await injectHeaders(besieged)
  const after = await canaries(besieged)
  const changed = after.filter((answer, index) => answer !== before[index])
  findings.violations.push(...changed.map((answer) => `later answers have changed: ${answer}`))
  findings.violations.push(...injected.violations, ...faultsOfLog(besieged.log(), Object.values(keys)))
  const statuses = [...findings.seen].toSorted(([a], [b]) => a.localeCompare(b)).map(([kind, times]) => `${times} × ${kind}`)
  return {
    figures: [
      `${count} bad inputs with seed ${seed}: ${statuses.join(', ')}`,
      ...injected.figures,
      `${besieged.log().split('\n').length - 1} log lines, each one JSON object without a control character`,
    ],
    violations: findings.violations,
  }
}

async function sendAll({ service, owner }: Besieged, count: number, findings: Findings): Promise<void> {
  const inputs = inputsOf(owner.origin, count)
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const line = makeLine(service.url)
      for (const input of inputs) {
        const finding = await (Buffer.isBuffer(input) ? sendRaw(service.url, input, findings) : send(line, input, findings)).catch(String)
        if (finding !== undefined) findings.violations.push(`${finding}, to ${excerptOf(Buffer.isBuffer(input) ? input : bytesOf(input))}`)
      }
      line.close()
    }),
  )
}

/** The same for each run; those who share it get each input once. */
function* inputsOf(origin: string, count: number): Generator<HostileRequest | Buffer> {
  const inputs = fc.oneof({ weight: rawShare - 1, arbitrary: hostileRequests(origin, keys.blog) }, { weight: 1, arbitrary: rawBytes })
  for (let sent = 0; sent < count; sent += drawn) yield* fc.sample(inputs, { seed: seed + sent, numRuns: Math.min(drawn, count - sent) })
}

async function send(line: ReturnType<typeof makeLine>, request: HostileRequest, { seen }: Findings): Promise<string | undefined> {
  const answer = await line.ask(bytesOf(request), request.method === 'HEAD')
  count(seen, answer)
  if (answer === undefined) return 'there is no answer'
  return faultOf(answer, request)
}

/** Whether the bytes are a request at all is not known: so only what can never be right is wrong. */
async function sendRaw(url: string, bytes: Buffer, { seen }: Findings): Promise<string | undefined> {
  const { answer, all } = await askOnce(url, bytes, bytes.toString('latin1').startsWith('HEAD'))
  count(seen, answer)
  if (/HTTP\/1\.1 5\d\d/.test(all)) return `a 5xx: ${all.slice(0, 300)}`
  return answer === undefined || answer.status < 400 ? undefined : faultOfProblem(answer)
}

function count(seen: Map<string, number>, answer: RawAnswer | undefined): void {
  const kind = answer === undefined ? 'no answer' : String(answer.status)
  seen.set(kind, (seen.get(kind) ?? 0) + 1)
}

/** What is wrong with an answer; undefined where nothing is. */
function faultOf(answer: RawAnswer, request: HostileRequest): string | undefined {
  const { status, headers, body } = answer
  if (status >= 500) return `a ${status}: ${body.slice(0, 300)}`
  if (!headers.has('x-request-id')) return `a ${status} without x-request-id`
  if (request.method === 'HEAD') return undefined
  const fault = status >= 400 ? faultOfProblem(answer) : undefined
  if (fault !== undefined) return fault
  const { code } = status >= 400 ? (JSON.parse(body) as { readonly code: string }) : { code: '' }
  if (anywhere.has(`${status} ${code}`)) return undefined
  if (request.method !== request.route.method) return elsewhere(request, status)
  const answered: Answered = { status, type: headers.get('content-type') ?? '', text: body }
  const reason = status < 300 ? reasonToRefuse(request, keys.blog) : undefined
  if (reason !== undefined) return `${status} although ${reason}`
  return undocumented(request.route, answered) ?? faultOfResults(answer, request)
}

function faultOfProblem({ status, headers, body }: RawAnswer): string | undefined {
  if (!headers.get('content-type')?.startsWith('application/problem+json')) return `a ${status} of type ${headers.get('content-type')}`
  const read = parse(Buffer.from(body))
  const isProblem = 'value' in read && (read.value as { readonly status?: number }).status === status
  return isProblem ? undefined : `a ${status} without a problem: ${body.slice(0, 300)}`
}

/** Of a method that the route is not for, another one may be; then the document says what that one answers. */
function elsewhere({ method }: HostileRequest, status: number): string | undefined {
  return status < 500 && ['POST', 'PATCH', 'DELETE', 'get'].includes(method) ? undefined : `a ${status} to ${method}`
}

/** Each item of a batch is judged by itself. */
function faultOfResults({ status, body }: RawAnswer, request: HostileRequest): string | undefined {
  if (status !== 200 || request.route.path !== '/schedules/batch' || request.body === undefined) return undefined
  const { results } = JSON.parse(body) as { readonly results: readonly { readonly status: number }[] }
  const { items } = JSON.parse(request.body.toString()) as { readonly items: readonly unknown[] }
  if (results.length !== items.length) return `${results.length} results of ${items.length} items`
  for (const [index, item] of items.entries()) {
    const result = results[index]?.status ?? 0
    if (result >= 500) return `item ${index}: ${result}`
    const fault = result < 300 ? faultOfJson(item, '#/components/schemas/CreateSchedule') : undefined
    if (fault !== undefined) return `item ${index}: ${result} although ${fault}`
  }
  return undefined
}

/** What the service answers to a few requests that are always the same: by a changed prototype, something else. */
async function canaries({ service }: Besieged): Promise<string[]> {
  const headers = { authorization: `Bearer ${keys.shop}`, 'content-type': 'application/json' }
  const bodies = ['{}', '{"target":{"url":"http://127.0.0.1:1/"}}', '{"items":[{}]}', '{"id":"x"}']
  const answers: string[] = []
  for (const path of [
    '/schedules?namePrefix=canary',
    '/schedules/batch',
    '/schedules/none',
    '/callbacks/shop/none',
    '/openapi.json',
    '/health/ready',
  ]) {
    for (const body of [undefined, ...bodies]) {
      const response = await fetch(service.url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        ...(body === undefined ? {} : { body }),
      })
      answers.push(`${path} ${body} ${response.status} ${await response.text()}`)
    }
  }
  return answers
}

function excerptOf(bytes: Buffer): string {
  const text = JSON.stringify(bytes.toString('latin1'))
  return text.length <= 900 ? text : `${text.slice(0, 600)}…${text.slice(-300)}`
}
