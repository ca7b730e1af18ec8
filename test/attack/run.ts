// npm run attack: what hostile owners, and hostile spellings of addresses, make of the service. With `-- --short` the short form, with a
// word only the parts whose titles have it.
import { prove } from '../support/proof.ts'
import { addresses } from './addresses.ts'
import { owners } from './owners.ts'

await prove({ 'Hostile owners': owners, 'Spellings of addresses': addresses })
