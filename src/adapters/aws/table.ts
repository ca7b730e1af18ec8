/** The table's keys. The application is part of every one of them. */
export const tableKey = { partition: 'application', sort: 'name' } as const

/**
 * The two indexes. Both are divided by `bucket`: application, state and shard.
 *
 * - `listing` has every record in the order of `at`. A record that waits for its first attempt is due at `at`, so this is
 *   their due index, too; and since a claim moves nothing, it costs no index write.
 * - `due` has only records that are due at another time: those that have been tried before. It is sparse: without
 *   `retryPosition` a record is not in it.
 */
export const indexes = {
  listing: { name: 'listing', partition: 'bucket', sort: 'position' },
  due: { name: 'due', partition: 'bucket', sort: 'retryPosition' },
} as const

/** What the indexes have besides the keys: a wake-up needs to know the incarnation. */
export const projected = ['id']

/** Seconds since the epoch, on finished records: when DynamoDB may remove them. */
export const timeToLive = 'ttl'

/** Holds what is no schedule. Cannot be an application's, whose names begin with a letter or digit. */
export const reservedPartition = '~'
