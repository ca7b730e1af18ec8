// A process of its own, for as long as it takes: reads the store in the file that it is given from end to end, and says
// what is wrong with it, or nothing.
import { findDamage } from './integrity.ts'

const [file = ''] = process.argv.slice(2)
process.stdout.write(findDamage(file) ?? '')
