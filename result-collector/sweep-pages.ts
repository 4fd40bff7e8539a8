/** What is looked at side by side; one page follows another at once. */
export const pageSize = 100;

/**
 * Handles everything that a search finds, page by page. One that fails does not keep the others from being handled;
 * the first failure rejects in the end, so that the sweep is delivered again.
 */
export async function sweepPages<T>(
  find: (limit: number, after: T | undefined) => Promise<readonly T[]>,
  handle: (found: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  let last: T | undefined;
  for (;;) {
    const page = await find(pageSize, last);
    const results = await Promise.allSettled(page.map(handle));
    failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
    last = page.at(-1);
    if (page.length < pageSize) break;
  }
  if (failures.length > 0) throw failures[0];
}
