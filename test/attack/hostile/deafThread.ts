// Listens, and never accepts: when the queue of the kernel is full, connections to it are not even made.
import { type AddressInfo, createServer } from 'node:net'
import { parentPort } from 'node:worker_threads'

const server = createServer().listen(0, '127.0.0.1', 1, () => {
  parentPort?.postMessage((server.address() as AddressInfo).port)
  // The message leaves first.
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
})
