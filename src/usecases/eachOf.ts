/** Does some work for each of the items, so many at once, begun in their order. Never rejects. */
export async function eachOf<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<PromiseSettledResult<R>[]> {
  if (items.length <= atOnce) return Promise.allSettled(items.map(work))
  const results: PromiseSettledResult<R>[] = []
  let next = 0
  async function goOn(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) {
      const [result] = await Promise.allSettled([work(items[index] as T)])
      results[index] = result
    }
  }
  await Promise.all(Array.from({ length: atOnce }, goOn))
  return results
}
