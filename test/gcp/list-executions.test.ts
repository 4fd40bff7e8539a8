import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ExecutionFilter } from '../../execution/execution-filter.ts';
import type { ExecutionRecord } from '../../execution/records.ts';
import { aCompletion, aSession, finished, launched, queued, rejected, t0 } from '../support/records.ts';
import { useRecordsStore } from '../support/records-store.ts';

const store = useRecordsStore();

/** One execution of each kind, a second apart: `e0` is the oldest. */
const records: readonly ExecutionRecord[] = [
  finished(),
  finished(aCompletion({ status: 'lost', outcome: { kind: 'lost', evidence: 'gone' } })),
  finished(aCompletion({ status: 'rejected', outcome: { kind: 'rejected', code: 'c', message: 'm' } })),
  rejected(),
  queued({ tenantId: 'other' }),
  { ...launched().execution, sessionId: 's2' },
];
beforeAll(async () => {
  for (const [number, record] of records.entries()) {
    const execution = { ...record, executionId: `e${number}`, acceptedAt: t0 + number * 1000 };
    const session = aSession({ sessionId: execution.sessionId });
    await store().store.transact(execution, () => ({ writes: { execution, session } }));
  }
});

describe('executions', () => {
  it.each<[ExecutionFilter & { readonly before?: number }, readonly string[]]>([
    [{}, ['e5', 'e4', 'e3', 'e2', 'e1', 'e0']],
    [{ before: t0 + 2000 }, ['e1', 'e0']],
    [{ state: 'finished' }, ['e2', 'e1', 'e0']],
    [{ state: 'queued' }, ['e4']],
    [{ status: 'succeeded' }, ['e0']],
    [{ status: 'lost' }, ['e1']],
    // Turned down counts before and after its completion event is collected.
    [{ status: 'rejected' }, ['e3', 'e2']],
    [{ status: 'rejected', state: 'rejected' }, ['e3']],
    [{ tenantId: 'other' }, ['e4']],
    [{ tenantId: 'default', state: 'queued' }, []],
    [{ sessionId: 's2' }, ['e5']],
    [{ sessionId: 's1', tenantId: 'default', state: 'finished', status: 'lost', before: t0 + 1001 }, ['e1']],
  ])('of the filter %j are listed, the newest first', async (filter, ids) => {
    const found = await store().reader.listExecutions({ ...filter, limit: 10 });
    expect(found.map(({ executionId }) => executionId)).toEqual(ids);
  });
});
