// A process of its own: asks a thread that dies for something, says what came of it, and would then wait for ever.
import { startThread } from '../../src/adapters/embedded/thread.ts'

const thread = await startThread<{ get: () => unknown }>(new URL('./dyingThread.ts', import.meta.url), '')
setInterval(() => undefined, 1000)
await thread.call('get').catch((error: unknown) => process.stdout.write(String((error as { code: unknown }).code)))
