import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Api, apiOf, type ScheduleBody } from '../support/api.ts'
import { writeApplications } from '../support/applications.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { startOwner, type TestOwner } from '../support/owner.ts'
import type { Part } from '../support/proof.ts'
import { type RunningService, startService } from '../support/service.ts'
import { serviceProblems } from './serviceProblems.ts'
import { askingAt, saysSo } from './spelling/ask.ts'
import { generated } from './spelling/generated.ts'
import { handMade } from './spelling/handMade.ts'
import { meaningOf } from './spelling/oracle.ts'
import type { Meaning, Ports } from './spelling/spelling.ts'
import { startVictims } from './spelling/victims.ts'

const key = 'confidential-key-of-blog'
/** Another application, whose origin has no port. */
const [plain, keyOfPlain] = ['http://127.0.0.1', 'confidential-key-of-plain']
const redirects = [301, 302, 303, 307, 308]
/** What was allowed at its creation and is not when it is due comes so much later, in milliseconds. */
const revokedAfterMs = 1500

interface Attacked {
  readonly service: RunningService
  /** The applications file. */
  readonly file: string
  /** Where the one allowed origin is. */
  readonly owner: TestOwner
}

/** Hundreds of ways to write where a call should go: each is the allowed origin, and arrives there, or goes nowhere at all. */
export const addresses: Part = async (scope) => {
  let elsewhere = ''
  const owner = await startOwner(({ url }, response) => {
    const status = /^\/redirect\/(\d+)$/.exec(url)?.[1]
    response.writeHead(Number(status ?? 200), status === undefined ? {} : { location: elsewhere }).end()
  })
  scope.teardown(() => owner.close())
  const allowed = Number(new URL(owner.origin).port)
  const victims = await startVictims(scope, allowed)
  elsewhere = `http://127.0.0.1:${victims.port}/`
  const attacked = await start(scope, owner)
  const ports: Ports = { allowed, other: victims.port }
  const byHand = Object.entries(handMade(ports)).flatMap(([meaning, urls]) => urls.map((url) => ({ url, meaning: meaning as Meaning })))
  const spellings = [...new Set([...byHand.map(({ url }) => url), ...generated(ports)])].map((url) => ({
    url,
    meaning: meaningOf(url, ports),
  }))
  const violations = [
    ...byHand.flatMap(({ url, meaning }) =>
      meaningOf(url, ports) === meaning
        ? []
        : [`the oracle takes ${JSON.stringify(url)} for ${meaningOf(url, ports)}, and it is ${meaning}`],
    ),
    ...(await askForAll(attacked, spellings)),
    ...(await keepsToTheDefaultPort(attacked, ports)),
    ...(await followsNoRedirect(attacked)),
    ...(await callsNothingRevoked(attacked, elsewhere)),
    ...(await serviceProblems(attacked.service)),
  ]
  if (victims.connections() > 0) violations.push(`${victims.connections()} connections to other places than the allowed origin`)
  const count = (wanted: Meaning): number => spellings.filter(({ meaning }) => meaning === wanted).length
  return {
    figures: [
      `${spellings.length} spellings (the meaning of ${byHand.length} written down by hand), each created, created in a batch, and changed to:`,
      `${count('allowed')} are the allowed origin, and were called there; ${count('elsewhere')} refused with 403, ${count('malformed')} with 422`,
      `${victims.connections()} connections to other places; ${redirects.length} redirects to one not followed`,
    ],
    violations,
  }
}

async function start(scope: Scope, owner: TestOwner): Promise<Attacked> {
  const directory = emptyDirectory(scope)
  const file = join(directory, 'applications.json')
  writeApplications(file, { blog: { key, origin: owner.origin }, plain: { key: keyOfPlain, origin: plain } })
  const service = await startService({ dataDir: join(directory, 'data'), env: { APPLICATIONS_FILE: file } })
  scope.teardown(() => service.end('SIGKILL'))
  await apiOf(service.url, key).create({ name: 'changed', delaySeconds: 3600, target: { url: owner.origin } })
  return { service, file, owner }
}

interface Spelling {
  readonly url: string
  readonly meaning: Meaning
}

async function askForAll({ service, owner }: Attacked, spellings: readonly Spelling[]): Promise<string[]> {
  const asking = askingAt(service.url, key)
  const violations: string[] = []
  const inBatch = await asking.createBatch(spellings.map(({ url }) => url))
  for (const [index, { url, meaning }] of spellings.entries()) {
    const answers = {
      created: await asking.create(index, url),
      'in a batch': inBatch[index] ?? { status: 0 },
      changed: await asking.change(url),
    }
    for (const [way, answer] of Object.entries(answers)) {
      if (!saysSo(answer, meaning)) violations.push(`${JSON.stringify(url)} is ${meaning}, and was ${way}: ${JSON.stringify(answer)}`)
    }
  }
  const expected = spellings.flatMap(({ meaning }, index) => (meaning === 'allowed' ? [`one-${index}`, `batch-${index}`] : []))
  await Promise.race([owner.waitForCalls(expected.length), sleep(5000, undefined, { ref: false })])
  const called = new Set(owner.calls.map(({ headers }) => headers['schedule-name'] ?? ''))
  const spellingOf = (name: string): string => JSON.stringify(spellings[Number(name.replace(/\D+/, ''))]?.url)
  for (const name of new Set(expected).difference(called)) violations.push(`${spellingOf(name)} is allowed, and was not called`)
  for (const name of called.difference(new Set(expected))) violations.push(`${spellingOf(name)} is not allowed, and was called`)
  return violations
}

async function followsNoRedirect({ service, owner }: Attacked): Promise<string[]> {
  const api = apiOf(service.url, key)
  const retry = { maxAttempts: 1 }
  const violations: string[] = []
  for (const status of redirects) {
    await api.create({ name: `redirect-${status}`, delaySeconds: 0, target: { url: `${owner.origin}/redirect/${status}` }, retry })
    const attempts = await firstAttempt(api, `redirect-${status}`)
    if (attempts[0]?.statusCode !== status) violations.push(`a redirect ${status} came out as ${JSON.stringify(attempts)}`)
  }
  return violations
}

async function firstAttempt(api: Api, name: string): Promise<ScheduleBody['attempts']> {
  for (;;) {
    const { attempts = [] } = (await api.read(name)) ?? {}
    if (attempts.length > 0) return attempts
    await sleep(20)
  }
}

/** An origin without a port is the beginning of many others, as text. */
async function keepsToTheDefaultPort({ service }: Attacked, { other }: Ports): Promise<string[]> {
  const asking = askingAt(service.url, keyOfPlain)
  const violations: string[] = []
  for (const [index, rest] of [`:${other}/`, `:8/`, `2:${other}/`, '.example.test/', '-example.test/', '1/'].entries()) {
    const answer = await asking.create(index, plain + rest)
    if (!saysSo(answer, 'elsewhere')) violations.push(`${plain + rest} is not ${plain}, and was created: ${JSON.stringify(answer)}`)
  }
  return violations
}

/** What the configuration does not allow any more when it is due is not called, though it was allowed when it was created. */
async function callsNothingRevoked({ service, file, owner }: Attacked, elsewhere: string): Promise<string[]> {
  const api = apiOf(service.url, key)
  const before = owner.connections()
  await api.create({ name: 'revoked', delaySeconds: revokedAfterMs / 1000, target: { url: owner.origin }, retry: { maxAttempts: 1 } })
  writeApplications(file, { blog: { key, origin: new URL(elsewhere).origin } })
  process.kill(service.pid, 'SIGHUP')
  const attempts = await firstAttempt(api, 'revoked')
  const wasCalled = owner.callsOf('revoked').length + owner.connections() - before > 0
  const isTold = /does not allow this target any more/.test(attempts[0]?.error ?? '')
  return isTold && !wasCalled ? [] : [`what was not allowed any more ${wasCalled ? 'was called' : 'was not'}: ${JSON.stringify(attempts)}`]
}
