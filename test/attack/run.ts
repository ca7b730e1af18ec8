// npm run attack [-- WORD] [-- --short]: hostile callers, tenants and owners against a real service.
import { prove } from '../support/proof.ts'
import { addresses } from './addresses.ts'
import { badInput } from './badInput.ts'
import { connections } from './connections.ts'
import { owners } from './owners.ts'
import { schemathesis } from './schemathesis.ts'
import { tenants } from './tenants.ts'

await prove(
  { schemathesis, 'Spellings of addresses': addresses, 'Bad input': badInput },
  { 'Hostile owners': owners, Connections: connections, Tenants: tenants },
)
