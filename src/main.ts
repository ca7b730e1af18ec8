import closeWithGrace from 'close-with-grace'
import { compose, type Service } from './compose.ts'
import { readApplicationsFile } from './config/applicationsFile.ts'
import { readConfig } from './config.ts'
import { StartRefused } from './domain/errors.ts'
import { greeting } from './greeting.ts'
import { type Log, makeLog } from './observability/log.ts'
import { version } from './version.ts'

const neededNode = 24

/** For what the operator has to mend: told plainly, without a stack. */
function refuseToStart(message: string): never {
  process.stderr.write(`Punctual does not start:\n${message.replaceAll(/^/gm, '  ')}\n`)
  process.exit(1)
}

if (Number.parseInt(process.versions.node, 10) < neededNode) {
  refuseToStart(
    `It needs Node.js ${neededNode} or newer; this is ${process.versions.node}. "npm start" uses the one that npm has installed with it.`,
  )
}

try {
  const config = readConfig(process.env)
  const { log, flush } = makeLog(config.logLevel)
  // Whoever tells it so early tells it nothing new, but must not end it.
  let service: Service | undefined
  process.on('SIGHUP', () => reload(config.applicationsFile, service, log))
  service = await compose(config, log, version)
  // A second signal, or ten seconds, end it at once; the store does not mind.
  closeWithGrace({ delay: 10_000, logger: log, skip: ['SIGHUP'] }, async ({ signal, err }) => {
    if (err !== undefined) log.fatal({ err }, 'stopping after an error that nobody has handled')
    else log.info({ signal }, 'stopping')
    await service.stop()
    log.info('stopped')
    flush()
  })

  const address = await service.app.listen({ host: config.host, port: config.port, listenTextResolver: (url) => `listening on ${url}` })
  service.start()
  process.stdout.write(greeting({ version, address, config, signingSecret: service.development?.signingSecret }))
} catch (error) {
  if (error instanceof StartRefused) refuseToStart(error.message)
  if (isAddressError(error)) refuseToStart(`${error.message}. HOST and PORT say where it listens.`)
  throw error
}

/** Reads the applications file again. Where something is wrong with it, everything stays as it is. */
function reload(file: string | undefined, service: Service | undefined, log: Log): void {
  if (service === undefined) return
  if (file === undefined) {
    log.warn('there is no APPLICATIONS_FILE to be read again')
    return
  }
  const problems: string[] = []
  const applications = readApplicationsFile(file, problems)
  if (problems.length > 0) {
    log.error({ problems }, 'the applications file is not usable, and everything stays as it is')
    return
  }
  service.reconfigure(applications)
  log.info({ applications: applications.map(({ name }) => name) }, 'the applications file has been read again')
}

function isAddressError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && ['listen', 'getaddrinfo'].includes(String(error.syscall))
}
