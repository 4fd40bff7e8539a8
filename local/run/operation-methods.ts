import type { Clock } from '../clock.ts';
import type { CallContext, Methods } from './methods.ts';
import { describeOperation, type OperationStore, type StoredOperation } from './operation-store.ts';
import { takePage } from './paging.ts';
import { invalidArgument, notServedLocally } from './refusals.ts';
import { parseOperationName, parsePlace, placeName } from './resource-names.ts';
import type { Duration, Operation, PageRequest } from './wire-messages.ts';
import { durationMs } from './wire-time.ts';

interface NamedRequest {
  readonly name: string;
}

interface WaitOperationRequest extends NamedRequest {
  readonly timeout: Duration | null;
}

interface ListOperationsRequest extends NamedRequest, PageRequest {
  readonly filter: string;
}

interface ListOperationsResponse {
  readonly operations: readonly Operation[];
  readonly nextPageToken: string;
}

/** A wait without a timeout ends after this time, as an HTTP request would. */
const longestWaitMs = 60_000;
const largestPage = 100;

/** google.longrunning.Operations. */
export function operationMethods(operations: OperationStore, clock: Clock): Methods {
  const find = (name: string) => operations.get(parseOperationName('name', name));
  return {
    getOperation: ({ name }: NamedRequest) => describeOperation(find(name)),
    waitOperation: async ({ name, timeout }: WaitOperationRequest, context: CallContext) => {
      const waitMs = timeout === null ? longestWaitMs : Math.min(durationMs(timeout), longestWaitMs);
      if (waitMs < 0) throw invalidArgument('timeout', `${waitMs / 1000} s must not be negative`);
      const operation = find(name);
      if (operation.response === null && waitMs > 0) await doneWithin(operation, waitMs, clock, context);
      return describeOperation(operation);
    },
    listOperations: ({ name, filter, ...page }: ListOperationsRequest): ListOperationsResponse => {
      const place = parsePlace('name', name.replace(/\/operations$/, ''));
      const wanted = operations.in(place).filter(operationFilter(filter));
      // Cloud Run documents these two: up to 100 a page, and the default size for one that is negative.
      const size = { ...page, pageSize: Math.max(0, page.pageSize) };
      const { items, nextPageToken } = takePage(wanted, size, `operations ${placeName(place)} ${filter}`, largestPage);
      return { operations: items.map(describeOperation), nextPageToken };
    },
    deleteOperation: ({ name }: NamedRequest) => {
      operations.remove(parseOperationName('name', name));
      return {};
    },
    cancelOperation: () => {
      throw notServedLocally('CancelOperation, like Cloud Run', 'call CancelExecution with the name in the metadata');
    },
  };
}

/** Resolves when the operation is done, the time is over or the caller has gone; leaves nothing behind. */
function doneWithin(operation: StoredOperation, waitMs: number, clock: Clock, context: CallContext): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancelTimer();
      operation.waiting.delete(end);
      resolve();
    };
    const cancelTimer = clock.after(waitMs, end);
    operation.waiting.add(end);
    context.onGone(end);
  });
}

function operationFilter(filter: string): (operation: StoredOperation) => boolean {
  switch (filter.replaceAll(/\s/g, '')) {
    case '':
      return () => true;
    case 'done:true':
    case 'done=true':
      return ({ response }) => response !== null;
    case 'done:false':
    case 'done=false':
      return ({ response }) => response === null;
    default:
      throw invalidArgument('filter', `'${filter}' must be empty, done:true or done:false`);
  }
}
