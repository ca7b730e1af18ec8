// Writes openapi.json from the routes, and openapi.d.ts from that; with --check it says whether the committed ones are
// what the routes amount to.
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { pino } from 'pino'
import { makeApplications } from '../src/domain/application.ts'
import { buildApp } from '../src/http/app.ts'
import { alwaysAs } from '../src/http/authenticate.ts'
import { version } from '../src/version.ts'

const unused = async (): Promise<never> => {
  throw new Error('the document is made without a service')
}
const useCases = {
  createSchedule: unused,
  createSchedules: unused,
  readSchedule: unused,
  listSchedules: unused,
  changeSchedule: unused,
  runSchedule: unused,
  cancelSchedule: unused,
  cancelSchedules: unused,
  readTimeline: unused,
}
const callbacks = { tokens: { tokenOf: () => '', isTokenOf: () => false }, fire: unused }
const app = await buildApp({
  useCases,
  callbacks,
  metrics: { text: unused, contentType: '', requested: () => undefined },
  applications: makeApplications([]),
  authenticate: alwaysAs('default'),
  check: unused,
  logger: pino({ level: 'silent' }),
  version,
})
const document = app.swagger()
const generated = {
  'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'openapi.d.ts': `// The API as types, for openapi-fetch. Written by "npm run openapi".\n\n${astToString(await openapiTypes(document as OpenAPI3, { defaultNonNullable: false }))}`,
}

for (const [name, content] of Object.entries(generated)) {
  const file = new URL(name, import.meta.url)
  if (!process.argv.includes('--check')) {
    writeFileSync(file, content)
  } else if (readFileSync(file, 'utf8') !== content) {
    process.stderr.write(`openapi/${name} is not what the routes amount to: run "npm run openapi" and look at the difference.\n`)
    process.exitCode = 1
  }
}
