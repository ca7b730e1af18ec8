import type { Config, EngineConfig } from './config.ts'

interface Facts {
  readonly version: string
  /** Where the service listens, as a URL. */
  readonly address: string
  readonly config: Config
  /** Of development mode. */
  readonly signingSecret: string | undefined
}

/** What a person sees who starts the service: where it is, and what to do next. */
export function greeting({ version, address, config, signingSecret }: Facts): string {
  const pages: [string, string][] = [
    ['docs', `${address}/docs`],
    ['console', `${address}/console`],
  ]
  const lines: [string, string][] = [['listening', address], ...pages, ...engineLines(config.engine)]
  if (config.clock === 'manual') lines.push(['clock', `stands still until POST ${address}/clock/advance`])
  if (signingSecret === undefined) {
    for (const { name, allowedOrigins } of config.applications ?? [])
      lines.push(['application', `${name} → ${[allowedOrigins].flat().join(', ')}`])
    return `Punctual ${version}\n\n${table(lines)}\n`
  }
  lines.push(['signing secret', signingSecret])
  return `Punctual ${version}, in development mode: one application, no API key, and only this machine may be called.

${table(lines)}
Schedule a call for ten seconds from now, to whatever you have on port 3000:

  curl -i ${address}/schedules -H 'content-type: application/json' \\
    -d '{ "delaySeconds": 10, "target": { "url": "http://localhost:3000/" }, "payload": { "hello": "world" } }'

`
}

/** Secrets are not among them. */
function engineLines(engine: EngineConfig): [string, string][] {
  if (engine.kind === 'embedded') return [['store', engine.dataDir]]
  const { tableName, scheduleGroupName, publicUrl, wakeLeadMs } = engine.settings
  return [
    ['store', `DynamoDB table ${tableName}`],
    ['wake-ups', `EventBridge schedule group ${scheduleGroupName}, ${wakeLeadMs / 1000} s ahead`],
    ['called back at', `${publicUrl}/callbacks/…`],
  ]
}

function table(lines: readonly [string, string][]): string {
  return lines.map(([label, text]) => `  ${label.padEnd(16)}${text}\n`).join('')
}
