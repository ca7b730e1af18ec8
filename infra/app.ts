// The CDK app: npx cdk deploy -c publicUrl=https://punctual.example.com --outputs-file cdk.out/outputs.json
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { PunctualStack } from './stack.ts'

const app = new App()
const publicUrl: unknown = app.node.tryGetContext('publicUrl') ?? process.env.PUBLIC_URL
if (typeof publicUrl !== 'string' || !URL.canParse(publicUrl)) {
  throw new Error('Say where the function reaches the service: -c publicUrl=https://punctual.example.com, or PUBLIC_URL.')
}
new PunctualStack(app, 'Punctual', { publicUrl })
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
