import type { Commands } from './child.ts'

interface Command {
  readonly id: number
  readonly command: string
  readonly argument: never
}

/** What this process was told at its start. */
export const settings: readonly unknown[] = process.argv.slice(2).map((text) => JSON.parse(text) as unknown)

/** Does what the parent process tells this one to; ends with it, or on SIGTERM after `close`. */
export function serve(commands: Commands, close: () => unknown): void {
  process.on('message', ({ id, command, argument }: Command) => void answer(id, async () => commands[command]?.(argument)))
  process.once('SIGTERM', () => {
    void Promise.resolve(close()).finally(() => process.exit())
  })
  // The parent ends what it has started, in its order.
  process.on('SIGINT', () => undefined)
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}

async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    process.send?.({ id, result: await work() })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.stack : String(error) })
  }
}
