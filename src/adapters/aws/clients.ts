import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SchedulerClient } from '@aws-sdk/client-scheduler'

/** Enough for thousands of calls a second, at the milliseconds that each takes. What exceeds it waits its turn. */
const maxSockets = 512

/**
 * Each call gets this long, and up to `maxAttempts` tries, with the SDK's own backoff between them. The first of the two
 * runs while a call waits for a socket, too: a herd on the minute must not run into it.
 */
const limits = { connectionTimeout: 3000, requestTimeout: 3000, throwOnRequestTimeout: true }
const maxAttempts = 3

function options(region: string) {
  const agent = { keepAlive: true, maxSockets }
  // Each client its own connections, so that neither starves the other.
  return { region, maxAttempts, requestHandler: { ...limits, httpAgent: agent, httpsAgent: agent } }
}

/** The SDK reads credentials and `AWS_ENDPOINT_URL_*` from the environment by itself. */
export function makeClients(region: string): { readonly dynamoDb: DynamoDBClient; readonly scheduler: SchedulerClient } {
  return { dynamoDb: new DynamoDBClient(options(region)), scheduler: new SchedulerClient(options(region)) }
}
