import { createHash } from 'node:crypto';
import { decideReplay, type ReplayFacts } from '../../dead-letter/decide.ts';
import type { DeadLetterRecord, ReplayRecord } from '../../execution/records.ts';
import type { ReplayRequest } from '../../schemas/generated/messages.ts';
import { t0 } from '../support/records.ts';

const policy = { maxReplays: 2, requestsTopic: 'exec-requests' };
export const record: DeadLetterRecord = {
  deadLetterId: 'd1',
  code: 'message/invalid',
  reason: 'command is required',
  source: { topic: 'exec-requests', subscription: 's', messageId: '7', publishTime: '2026-01-01T00:00:00Z' },
  attributes: {},
  data: '',
  deliveryAttempts: 1,
  deadLetteredAt: '2026-01-01T00:00:00Z',
  executionId: 'e1',
  sessionId: 's1',
  state: 'open',
  replays: [],
  expireAt: t0,
};
export const broken = { executionId: 'e1', sessionId: 's1', comand: 'echo hi' };
export const replayOf = { executionId: 'e1', deadLetterId: 'd1', reason: 'typo' };
export const earlier = (fields: Partial<ReplayRecord> = {}): ReplayRecord => ({
  replayId: 'r0',
  executionId: 'e1',
  reason: 'x',
  replayedAt: t0,
  refused: null,
  publishedAt: t0,
  ...fields,
});

export interface ReplayCase
  extends Partial<Omit<ReplayFacts, 'request'>>,
    Pick<ReplayRequest, 'mode' | 'expectedReplays' | 'includeDismissed'> {
  readonly set?: Record<string, unknown>;
  readonly message?: unknown;
  readonly deadLetterId?: string;
  readonly replayId?: string;
}
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
export const decide = ({
  set,
  mode,
  expectedReplays,
  includeDismissed,
  message = broken,
  deadLetterId = 'd1',
  replayId = 'r1',
  ...facts
}: ReplayCase = {}) =>
  decideReplay(
    {
      request: {
        ...{ replayId, deadLetterId, reason: 'typo' },
        ...(set && { set }),
        ...(mode && { mode }),
        ...(expectedReplays !== undefined && { expectedReplays }),
        ...(includeDismissed !== undefined && { includeDismissed }),
      },
      record: { ...record, deadLetterId },
      digest,
      data: Buffer.from(JSON.stringify(message)),
      isAccepted: () => false,
      problem: null,
      now: t0 + 1,
      ...facts,
    },
    policy,
  );
