import { pino } from 'pino'
import { makeApplications } from '../../src/domain/application.ts'
import { type AppOptions, buildApp } from '../../src/http/app.ts'
import { alwaysAs } from '../../src/http/authenticate.ts'
import { serializers } from '../../src/observability/log.ts'

type Use = () => Promise<never>

interface Options extends Partial<Omit<AppOptions, 'logger' | 'useCases'>> {
  /** Whatever a route asks for that was not given. */
  readonly otherwise: Use
}

/** The HTTP side alone, with what was logged, line by line. */
export async function httpApp({ otherwise, ...options }: Options) {
  const logged: string[] = []
  const app = await buildApp({
    useCases: {
      createSchedule: otherwise,
      createSchedules: otherwise,
      readSchedule: otherwise,
      listSchedules: otherwise,
      changeSchedule: otherwise,
      runSchedule: otherwise,
      cancelSchedule: otherwise,
      cancelSchedules: otherwise,
      readTimeline: otherwise,
    },
    callbacks: { tokens: { tokenOf: () => '', isTokenOf: () => true }, fire: otherwise },
    metrics: { text: async () => '', contentType: 'text/plain', requested: () => undefined },
    applications: makeApplications([]),
    authenticate: alwaysAs('blog'),
    check: otherwise,
    logger: pino({ level: 'trace', serializers }, { write: (line: string) => logged.push(line) }),
    version: '0.0.0-test',
    ...options,
  })
  return { app, logged }
}
