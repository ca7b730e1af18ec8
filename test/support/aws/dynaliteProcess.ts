// dynalite on a free port of this machine, in a process of its own: says where it is, and ends with its parent.
import type { AddressInfo } from 'node:net'
import dynalite from 'dynalite'

const server = dynalite({ createTableMs: 0 })
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
process.stdin.on('end', () => process.exit()).resume()
