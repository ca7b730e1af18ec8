import t from 'tap'
import { apiContract } from '../contract/api.ts'
import { awsEngine } from '../support/aws/deployment.ts'
import { application, composeService } from '../support/composed.ts'

const applications = [application('blog'), application('shop')]

await t.test('on the embedded engine', async (t) => apiContract(t, await composeService(t, { applications })))

await t.test('on the AWS engine', async (t) => apiContract(t, await composeService(t, { applications, engine: await awsEngine(t) })))
