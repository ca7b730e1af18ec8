import t from 'tap'
import { httpContract } from '../contract/http.ts'
import { awsEngine } from '../support/aws/deployment.ts'

await t.test('what callers see, on the AWS engine', async (t) => httpContract(t, 100, await awsEngine(t)))
