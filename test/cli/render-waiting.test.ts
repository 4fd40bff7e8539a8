import { describe, expect, it } from '@jest/globals';
import { renderWaiting } from '../../cli/render-waiting.ts';
import type { WaitReason } from '../../client/index.ts';

const at = new Date('2026-01-01T00:00:00Z');

describe('what an execution waits for', () => {
  it.each<[WaitReason, string]>([
    [
      { kind: 'session', active: 'a', behind: 'a', position: 1 },
      "a, which has the session's turn; 1 execution of the session before it",
    ],
    [
      { kind: 'session', active: 'a', behind: 'b', position: 2 },
      "a, which has the session's turn, and is behind b; 2 executions of the session before it",
    ],
    [
      { kind: 'session', active: null, behind: 'b', position: 1 },
      'the next one of the session, and is behind b; 1 execution of the session before it',
    ],
    [
      { kind: 'sequence', sequence: 3, awaited: 2, missing: 1, until: at },
      'sequence 2, until 2026-01-01T00:00:00Z; its own is 3',
    ],
    [
      { kind: 'sequence', sequence: 9, awaited: 2, missing: 7, until: at },
      'sequence 2 and 6 more below 9, until 2026-01-01T00:00:00Z; its own is 9',
    ],
    [
      {
        kind: 'tenant-limit',
        executionId: 'e',
        tenantId: 't',
        limit: 'maxRunning',
        value: 5,
        count: 5,
        setBy: 'tenant',
      },
      'its tenant t: 5 running, maxRunning is 5',
    ],
    [
      {
        ...{ kind: 'tenant-limit', executionId: 'e', tenantId: 't', setBy: 'deployment' },
        ...{ limit: 'startsPerMinute', value: 5, count: 6 },
      },
      'its tenant t: 6 started within the last minute, startsPerMinute is 5, the default of the deployment',
    ],
    [
      { kind: 'deployment-limit', executionId: 'e', limit: 'maxRunning', value: 1000, count: 1000 },
      'the deployment: 1000 running, maxRunning is 1000',
    ],
    [
      { kind: 'cloud-run-quota', executionId: 'e', refusals: 1, retryAt: at },
      'capacity of Cloud Run: its launch was refused 1 time, the next try may be made from 2026-01-01T00:00:00Z on',
    ],
    [
      { kind: 'turn', executionId: 'e', aheadOfTenant: 2, ofOtherTenants: 3, since: at },
      'its turn, since 2026-01-01T00:00:00Z: 2 of its tenant before it, 3 of other tenants wait too',
    ],
    [
      { kind: 'turn', executionId: 'a', aheadOfTenant: 0, ofOtherTenants: 0, since: at },
      'a: its turn, since 2026-01-01T00:00:00Z: 0 of its tenant before it, 0 of other tenants wait too',
    ],
    [{ kind: 'ending', executionId: 'e', why: 'expired' }, 'nothing: it is expired, and its end is about to be stored'],
    [{ kind: 'launch', since: at }, 'its launch, which is about to be made (its turn came at 2026-01-01T00:00:00Z)'],
    [{ kind: 'moving' }, 'nothing for long: its records are changing, ask again'],
  ])('is told in a sentence: %j', (reason, sentence) => {
    expect(renderWaiting('e', [reason])).toEqual([['waits for', sentence]]);
  });
});
