import { type DynamoDBClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb'
import type { Item } from './item.ts'
import { indexes } from './table.ts'

/** Positions; both ends are part of it. */
export interface KeyRange {
  readonly low: string
  readonly high: string
}

/** Below and above every position, which begins with a digit. */
const all: KeyRange = { low: '0', high: ':' }

/** How many entries one bucket of the listing index has: entries are small, and no record is read. */
export async function countEntries(
  client: DynamoDBClient,
  TableName: string,
  bucket: string,
  { low, high }: KeyRange = all,
  upTo = Number.POSITIVE_INFINITY,
): Promise<number> {
  const { name: IndexName, partition, sort } = indexes.listing
  let count = 0
  let start: Item | undefined
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName,
        IndexName,
        Select: 'COUNT',
        KeyConditionExpression: '#partition = :bucket AND #sort BETWEEN :low AND :high',
        ExpressionAttributeNames: { '#partition': partition, '#sort': sort },
        ExpressionAttributeValues: { ':bucket': { S: bucket }, ':low': { S: low }, ':high': { S: high } },
        ExclusiveStartKey: start,
        ...(Number.isFinite(upTo) ? { Limit: upTo - count } : {}),
      }),
    )
    count += page.Count ?? 0
    start = page.LastEvaluatedKey
  } while (start !== undefined && count < upTo)
  return count
}
