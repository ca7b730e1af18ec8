#!/usr/bin/env node
import { Command } from 'commander'
import { addApplication, type Credentials, rotateKey, rotateSecret } from './cli/applications.ts'
import { exportTo, importFrom } from './cli/transfer.ts'
import { type Config, readConfig } from './config.ts'
import { AppError, StartRefused } from './domain/errors.ts'
import { version } from './version.ts'

/** What went well is for standard error, so that standard output can be an export. */
function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** What nobody will be able to read again, for standard output, where a script can take it from. */
function show({ apiKey, signingSecret }: Credentials): void {
  if (apiKey !== undefined) process.stdout.write(`api key         ${apiKey}\n`)
  if (signingSecret !== undefined) process.stdout.write(`signing secret  ${signingSecret}\n`)
  say('They are shown this once: of a key only a hash is kept. Tell a running service to read the file again: kill -HUP <pid>')
}

function dataDirOf({ engine }: Config): string {
  if (engine.kind === 'embedded') return engine.dataDir
  throw new StartRefused('Backups are for the embedded engine; of a table of DynamoDB, AWS makes them (point-in-time recovery is on).')
}

/** Only for those who need it: it takes a while to load. */
const engines = () => import('./engines.ts')

const program = new Command('punctual').description('For operators of Punctual. Configured as the service is.').version(version)

const application = program.command('application').description('the applications, in APPLICATIONS_FILE')
const file = ['--file <path>', 'the applications file', process.env.APPLICATIONS_FILE || 'applications.json'] as const
const dropOld = ['--drop-old', 'make the earlier ones invalid at once, instead of at the next rotation', false] as const

application
  .command('add')
  .description('add an application, with a new key and a new signing secret')
  .argument('<name>')
  .requiredOption('--origin <url...>', 'where it may be called, such as https://main-server:3000')
  .option(...file)
  .action(async (name: string, options: { origin: string[]; file: string }) => {
    const credentials = await addApplication(options.file, name, options.origin)
    say(`${options.file} has the application ${name} now.`)
    show(credentials)
  })

application
  .command('rotate-key')
  .description('give an application another API key; the one before stays valid until the next time')
  .argument('<name>')
  .option(...dropOld)
  .option(...file)
  .action(async (name: string, options: { dropOld: boolean; file: string }) => show(await rotateKey(options.file, name, options)))

application
  .command('rotate-secret')
  .description('give an application another signing secret; calls are signed by the one before, too, until the next time')
  .argument('<name>')
  .option(...dropOld)
  .option(...file)
  .action(async (name: string, options: { dropOld: boolean; file: string }) => show(await rotateSecret(options.file, name, options)))

program
  .command('check-config')
  .description('say what is wrong with the configuration, or that nothing is')
  .action(() => {
    const { engine, applications } = readConfig(process.env)
    const names = applications?.map(({ name }) => name).join(', ')
    say(`The configuration is usable: engine ${engine.kind}, ${names === undefined ? 'development mode' : `applications ${names}`}.`)
  })

program
  .command('export')
  .description('write all schedules as lines of JSON; stop the service first')
  .argument('[file]', 'standard output where there is none')
  .action(async (to: string | undefined) => {
    const { openEngineAlone, refuseNoStore } = await engines()
    const chosen = readConfig(process.env).engine
    if (chosen.kind === 'embedded') refuseNoStore(chosen.dataDir)
    const engine = await openEngineAlone(chosen)
    try {
      say(`${await exportTo(to, engine)} schedules exported.`)
    } finally {
      await engine.close()
    }
  })

program
  .command('import')
  .description('take over all schedules of an export: with their names, ids, moments and attempts')
  .argument('[file]', 'standard input where there is none')
  .action(async (from: string | undefined) => {
    const { openEngineAlone } = await engines()
    const config = readConfig(process.env)
    const engine = await openEngineAlone(config.engine)
    try {
      const { added, there, applications, problems } = await importFrom(from, engine)
      for (const problem of problems) say(problem)
      const configured = new Set(config.applications?.map(({ name }) => name) ?? ['default'])
      for (const name of applications)
        if (!configured.has(name)) say(`The application ${name} is not configured here: its schedules wait until it is.`)
      say(`${added} schedules imported, ${there} were there already, ${problems.length} could not be taken over.`)
      if (problems.length > 0) process.exitCode = 1
    } finally {
      await engine.close()
    }
  })

program
  .command('backup')
  .description('copy the embedded store into one file, while the service is running')
  .argument('<file>')
  .action(async (to: string) => {
    const { backUp } = await engines()
    await backUp(dataDirOf(readConfig(process.env)), to)
    say(`The store is backed up in ${to}.`)
  })

program
  .command('restore')
  .description('put a backup in the place of the embedded store; stop the service first')
  .argument('<file>')
  .action(async (from: string) => {
    const { restore } = await engines()
    const directory = dataDirOf(readConfig(process.env))
    const aside = restore(from, directory)
    say(`${from} is the store in ${directory} now.${aside === undefined ? '' : ` The one before is ${aside}.`}`)
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof StartRefused) && !(error instanceof AppError)) throw error
  say(error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message)
  process.exitCode = 1
}
