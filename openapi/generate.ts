// Writes openapi.json from the routes; with --check it says whether the committed one is what the routes amount to.
import { readFileSync, writeFileSync } from 'node:fs'
import { pino } from 'pino'
import { makeApplications } from '../src/domain/application.ts'
import { buildApp } from '../src/http/app.ts'
import { alwaysAs } from '../src/http/authenticate.ts'

const file = new URL('./openapi.json', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

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
const document = `${JSON.stringify(app.swagger(), null, 2)}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(file, document)
} else if (readFileSync(file, 'utf8') !== document) {
  process.stderr.write('openapi/openapi.json is not what the routes amount to: run "npm run openapi" and look at the difference.\n')
  process.exitCode = 1
}
