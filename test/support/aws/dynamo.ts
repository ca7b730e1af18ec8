import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { CreateTableCommand, DynamoDBClient, ResourceInUseException, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import { indexes, projected, tableKey } from '../../../src/adapters/aws/table.ts'
import type { Scope } from '../directory.ts'

/** A DynamoDB on a real socket of this machine. */
export interface TestDynamo {
  readonly endpoint: string
  close(): Promise<void>
}

const script = new URL('./dynaliteProcess.ts', import.meta.url).pathname

/** dynalite, in memory and in a process of its own: the test runner's hooks would make it several times slower. */
export async function startDynamo(): Promise<TestDynamo> {
  const child = spawn('bash', ['-c', 'unset NODE_OPTIONS; exec "$0" "$@"', process.execPath, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return {
    endpoint: line,
    async close() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

export function dynamoClient(endpoint: string, options: { readonly maxAttempts?: number } = {}): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 64 } },
    ...options,
  })
}

/** The table as the stack has it: a test of the stack compares the two. */
export const tableDefinition = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: tableKey.partition, AttributeType: 'S' },
    { AttributeName: tableKey.sort, AttributeType: 'S' },
    { AttributeName: indexes.listing.partition, AttributeType: 'S' },
    { AttributeName: indexes.listing.sort, AttributeType: 'S' },
    { AttributeName: indexes.due.sort, AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: tableKey.partition, KeyType: 'HASH' },
    { AttributeName: tableKey.sort, KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [indexes.listing, indexes.due].map(({ name, partition, sort }) => ({
    IndexName: name,
    KeySchema: [
      { AttributeName: partition, KeyType: 'HASH' as const },
      { AttributeName: sort, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...projected] },
  })),
} as const

/** Makes the table where it does not exist. */
export async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        ...tableDefinition,
        GlobalSecondaryIndexes: [...tableDefinition.GlobalSecondaryIndexes],
        AttributeDefinitions: [...tableDefinition.AttributeDefinitions],
        KeySchema: [...tableDefinition.KeySchema],
      }),
    )
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 0.05, maxDelay: 1 }, { TableName })
}

/** An empty table on a DynamoDB of its own; both go when the test has ended. */
export async function openTable(
  t: Scope,
): Promise<{ readonly client: DynamoDBClient; readonly endpoint: string; readonly tableName: string }> {
  const dynamo = await startDynamo()
  const client = dynamoClient(dynamo.endpoint)
  t.teardown(async () => {
    client.destroy()
    await dynamo.close()
  })
  const tableName = 'punctual-test'
  await createTable(client, tableName)
  return { client, endpoint: dynamo.endpoint, tableName }
}
