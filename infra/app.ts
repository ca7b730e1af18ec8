// The CDK app: PUBLIC_URL=https://punctual.example.com npx cdk deploy --outputs-file cdk.out/outputs.json
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { PunctualStack } from './stack.ts'

const app = new App()
const publicUrl = process.env.PUBLIC_URL ?? ''
if (!URL.canParse(publicUrl)) {
  throw new Error('Set PUBLIC_URL to where the function reaches the service, such as https://punctual.example.com.')
}
new PunctualStack(app, 'Punctual', { publicUrl })
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
