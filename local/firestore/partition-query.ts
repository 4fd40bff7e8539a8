import { nameField } from './field-path.ts';
import { invalidArgument } from './limits.ts';
import type { StructuredQuery } from './structured-query.ts';

/** PartitionQuery takes one shape of query: a collection group, ordered by name upwards, nothing else. */
function isPartitionable(query: StructuredQuery): boolean {
  const [selector] = query.from;
  const [order, ...otherOrders] = query.orderBy;
  return (
    selector?.allDescendants === true &&
    order?.field?.fieldPath === nameField &&
    order.direction !== 'DESCENDING' &&
    otherOrders.length === 0 &&
    query.where === null &&
    query.limit === null &&
    query.offset === 0 &&
    query.startAt === null &&
    query.endAt === null
  );
}

/** At most `count` of the paths, which are in order, that cut them into parts of about the same size. */
export function partitionPoints(query: StructuredQuery, paths: readonly string[], count: number): readonly string[] {
  if (!isPartitionable(query)) {
    throw invalidArgument(
      'PartitionQuery supports only collection groups ordered by __name__ ascending, without filter, limit, offset or cursor.',
    );
  }
  if (!(count > 0)) throw invalidArgument(`partition_count must be positive, not ${count}.`);
  const parts = Math.min(count + 1, paths.length);
  const cuts = Array.from({ length: Math.max(0, parts - 1) }, (_value, index) => index + 1);
  return cuts.flatMap((part) => paths[Math.floor((part * paths.length) / parts)] ?? []);
}
