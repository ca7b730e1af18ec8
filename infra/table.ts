import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { indexes, projected, tableKey, timeToLive } from '../src/adapters/aws/table.ts'

/** The table of the schedules, as `src/adapters/aws` reads and writes it. */
export function makeTable(scope: Construct, id: string, removalPolicy: RemovalPolicy): Table {
  const table = new Table(scope, id, {
    partitionKey: { name: tableKey.partition, type: AttributeType.STRING },
    sortKey: { name: tableKey.sort, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: timeToLive,
    removalPolicy,
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
  })
  for (const { name, partition, sort } of [indexes.listing, indexes.due]) {
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: partition, type: AttributeType.STRING },
      sortKey: { name: sort, type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...projected],
    })
  }
  return table
}
