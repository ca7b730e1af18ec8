// npm run test:readme: a reader who pastes every command of the README, in its order, into an empty directory.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { awsEnvironment, region, startMinistack } from '../support/aws/emulators.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { withScope } from '../support/proof.ts'
import { type Block, blocksOf } from './blocks.ts'
import { openTerminal, type Running, type Terminal } from './terminal.ts'

const root = resolve(import.meta.dirname, '../..')

/** What a reader has open. */
interface Desk {
  readonly terminal: Terminal
  readonly directory: string
  /** What runs in other terminals, by the name that a step gave it. */
  readonly running: Map<string, Running>
}

interface Step {
  /** What the block has that no other has. */
  readonly of: string
  follow(desk: Desk, text: string): Promise<void>
}

async function begin({ terminal, running }: Desk, name: string, text: string, prints: string | RegExp): Promise<void> {
  const started = terminal.pasteBeside(text)
  running.set(name, started)
  await started.prints(prints)
}

async function end({ running }: Desk, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await running.get(name)?.interrupt()
    running.delete(name)
  }
}

function expect(output: string, ...wanted: readonly (string | RegExp)[]): void {
  for (const each of wanted) {
    const isThere = typeof each === 'string' ? output.includes(each) : each.test(output)
    if (!isThere) throw new Error(`did not print ${String(each)}, but:\n${output}`)
  }
}

/** Not for a reader's hands here: what does it instead is a file that there is. */
function elsewhere(of: string, file: string): Step {
  return {
    of,
    async follow() {
      readFileSync(join(root, file))
    },
  }
}

const listening = /listening +http/

/** These judge by the clock for many minutes, and want a machine for themselves: they are for whoever makes the README's figures. */
const madeByHand: ReadonlySet<string> = new Set(['bench:aws', 'bench:soak'])

/** The commands for those who work on Punctual: each is a script that there is, and is run for every change. */
async function followDevelopment(_desk: Desk, text: string): Promise<void> {
  const ci = readFileSync(join(root, '.ci/run'), 'utf8')
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const named = [...text.matchAll(/^npm (?:ci && npm )?(?:run )?([\w:]+)/gm)].map((match) => match[1] ?? '')
  for (const name of named) {
    const parts = [name, ...[...(scripts[name] ?? '').matchAll(/npm (?:run )?([\w:]+)/g)].map((match) => match[1] ?? '')]
    if (scripts[name] === undefined) throw new Error(`there is no script ${name}`)
    const areRun = (all: readonly string[]): boolean =>
      all.length > 0 && all.every((each) => new RegExp(`npm (run )?${each}(?![\\w:-])`).test(ci))
    if (!madeByHand.has(name) && !areRun([name]) && !areRun(parts.slice(1))) throw new Error(`npm run ${name} is run by nobody`)
  }
}

const steps: readonly Step[] = [
  { of: 'npm ci && npm start', follow: (desk, text) => begin(desk, 'service', text, listening) },
  {
    of: 'createServer((request, response)',
    async follow(desk, text) {
      desk.running.set('owner', desk.terminal.pasteBeside(text))
      await desk.terminal.paste('until curl -s http://localhost:3000/ > ready; do sleep 0.1; done')
    },
  },
  {
    of: 'sleep 6',
    async follow(desk, text) {
      expect(await desk.terminal.paste(text), '"status":"scheduled"', '"status":"delivered"', '"latenessMs"')
      await desk.running.get('owner')?.prints('{ "postId": 42 }')
      await end(desk, 'owner')
    },
  },
  {
    of: 'npm run demo',
    async follow(desk, text) {
      await begin(desk, 'demo', text, /page +http/)
      await end(desk, 'demo')
    },
  },
  elsewhere('punctual.verify(', 'test/demo/webhook.ts'),
  elsewhere("from 'standardwebhooks'", 'test/openapi/client.test.ts'),
  {
    of: 'CLOCK=manual',
    async follow(desk, text) {
      await end(desk, 'service')
      await begin(desk, 'manual', text, /clock +stands still/)
    },
  },
  {
    of: 'reminder.test.mjs',
    async follow(desk, text) {
      writeFileSync(join(desk.directory, 'reminder.test.mjs'), text)
      expect(await desk.terminal.paste('npx --no node --test reminder.test.mjs'), /pass 1\b/, /fail 0\b/)
      await end(desk, 'manual')
      await begin(desk, 'service', 'npm start', listening)
    },
  },
  elsewhere('createClient<paths>', 'test/openapi/client.test.ts'),
  {
    of: 'application add blog',
    async follow(desk, text) {
      expect(await desk.terminal.paste(text), /whsec_/)
      await desk.running.get('service')?.prints('no APPLICATIONS_FILE to be read again')
    },
  },
  elsewhere('"apiKeyHashes"', 'test/config.test.ts'),
  elsewhere('docker build', 'test/deployment/compose.test.ts'),
  {
    of: 'OTLPTraceExporter',
    async follow({ terminal, directory }, text) {
      writeFileSync(join(directory, 'telemetry.mjs'), text)
      const [, packages = ''] = /beside npm install (.+)/.exec(text) ?? []
      await terminal.paste(`npm install --no-save ${packages}`)
    },
  },
  {
    of: 'NODE_OPTIONS=',
    async follow(desk, text) {
      await end(desk, 'service')
      await begin(desk, 'service', text, listening)
    },
  },
  {
    of: 'npx punctual backup',
    follow: async ({ terminal }, text) => expect(await terminal.paste(text), /\d/),
  },
  {
    of: 'npx punctual restore',
    async follow(desk, text) {
      await end(desk, 'service')
      await desk.terminal.paste(text)
    },
  },
  {
    of: 'npx cdk deploy',
    async follow(desk, text) {
      // Asked for by the CDK of whoever sits at a terminal; nobody does here.
      writeFileSync(join(desk.directory, '..', '.cdk.json'), JSON.stringify({ requireApproval: 'never' }))
      await desk.terminal.paste(text)
    },
  },
  {
    of: 'ENGINE=aws AWS_OUTPUTS_FILE=cdk.out/outputs.json APPLICATIONS_FILE=applications.json HOST=0.0.0.0 npm start',
    async follow(desk, text) {
      const [secret = '', start = ''] = text.split('\n')
      await desk.terminal.paste(secret)
      await begin(desk, 'service', start, listening)
      await end(desk, 'service')
    },
  },
  { of: 'npx punctual import', follow: async ({ terminal }, text) => expect(await terminal.paste(text), /1\b/) },
  { of: 'npm ci && npm test', follow: followDevelopment },
]

/** Every block has its step, and they come in this order. */
function matched(blocks: readonly Block[]): { readonly block: Block; readonly step: Step }[] {
  const pairs = blocks.map((block) => {
    const step = steps.find(({ of }) => block.text.includes(of))
    if (step === undefined) throw new Error(`README.md:${block.line}: nobody tries this:\n${block.text}`)
    return { block, step }
  })
  const unused = steps.filter((step) => !pairs.some((pair) => pair.step === step))
  if (unused.length > 0) throw new Error(`the README has nothing of ${unused.map(({ of }) => of).join('; ')} any more`)
  return pairs
}

/** Without what npm has put there for this script. */
function environmentOfReader(): Record<string, string> {
  const { PATH = '', NODE_OPTIONS: _options, ...rest } = process.env
  const folders = PATH.split(':').filter((folder) => !/node_modules|node-gyp-bin/.test(folder))
  const theirs = Object.entries(rest).filter(([name, value]) => value !== undefined && !/^npm_|^NODE$|^INIT_CWD$/.test(name))
  return { ...(Object.fromEntries(theirs) as Record<string, string>), PATH: folders.join(':') }
}

async function read(scope: Scope): Promise<void> {
  const home = emptyDirectory(scope)
  const directory = join(home, 'punctual')
  const pairs = matched(blocksOf(new URL('../../README.md', import.meta.url)))
  execFileSync('git', ['clone', '--quiet', root, directory])
  mkdirSync(join(home, 'tmp'))
  const npmrc = join(homedir(), '.npmrc')
  if (existsSync(npmrc)) copyFileSync(npmrc, join(home, '.npmrc'))
  const terminal = openTerminal(scope, directory, {
    ...environmentOfReader(),
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    npm_config_cache: join(homedir(), '.npm'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // As credentials of an account would; here it is an emulator's.
    ...awsEnvironment(await startMinistack(scope)),
    CDK_DEFAULT_ACCOUNT: '000000000000',
    CDK_DEFAULT_REGION: region,
  })
  const desk: Desk = { terminal, directory, running: new Map() }
  scope.teardown(() => end(desk, ...desk.running.keys()))
  for (const { block, step } of pairs) {
    const begun = performance.now()
    try {
      await step.follow(desk, block.text)
    } catch (error) {
      throw new Error(`README.md:${block.line}`, { cause: error })
    }
    process.stdout.write(`README.md:${block.line}  ${((performance.now() - begun) / 1000).toFixed(1)} s  ${step.of}\n`)
  }
}

await withScope(read)
process.exit(0)
