import t from 'tap'
import { httpContract } from '../contract/http.ts'

await t.test('what callers see, on the embedded engine', async (t) => httpContract(t, 1000))
