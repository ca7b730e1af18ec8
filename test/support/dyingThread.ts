// A thread of the store that dies of its first operation.
import { serve } from '../../src/adapters/embedded/thread.ts'

serve(() => ({
  execute() {
    throw new Error('the thread dies')
  },
  close: () => undefined,
}))
