import { planLaunch } from '../../execution/launch.ts';
import { defaultLimits } from '../../execution/limits.ts';
import type {
  ExecutionBase,
  FinishedExecution,
  LaunchingExecution,
  LeaseRecord,
  QueuedExecution,
  RejectedExecution,
  RunningExecution,
  SessionRecord,
} from '../../execution/records.ts';
import { endWithoutExecutor } from '../../execution/synthetic-event.ts';
import type { CheckpointRef, CompletionEvent, ExecRequest } from '../../schemas/generated/messages.ts';

/** Builders of records and messages for tests: what a test does not name has a plain value. */

export const t0 = Date.UTC(2026, 0, 1);
export const launchPolicy = { claimGraceMs: 1000 };
export const retentionMs = 86_400_000;

export const aRequest = (fields: Partial<ExecRequest> = {}): ExecRequest => ({
  executionId: 'e1',
  sessionId: 's1',
  command: 'echo hi',
  ...fields,
});

export const anExecution = (fields: Partial<ExecutionBase> = {}): ExecutionBase => ({
  executionId: 'e1',
  sessionId: 's1',
  tenantId: 'default',
  seq: 1,
  requestDigest: 'digest',
  request: { kind: 'inline', request: aRequest() },
  maxGenerations: 1,
  starts: 0,
  limits: defaultLimits,
  acceptedAt: t0,
  ...fields,
});

export const aSession = (fields: Partial<SessionRecord> = {}): SessionRecord => ({
  sessionId: 's1',
  tenantId: 'default',
  state: 'open',
  nextSeq: 2,
  epoch: 1,
  head: null,
  lastCheckpoint: 0,
  active: 'e1',
  queued: [],
  createdAt: t0,
  updatedAt: t0,
  ...fields,
});

export const queued = (fields: Partial<QueuedExecution> = {}): QueuedExecution => ({
  ...anExecution(fields),
  state: 'queued',
});

export const rejected = (fields: Partial<ExecutionBase> = {}): RejectedExecution => ({
  ...anExecution({ seq: 0, ...fields }),
  state: 'rejected',
  code: 'request/expired',
  message: 'too late',
  owedEnd: { owedAt: t0 },
});

export interface Launched {
  readonly execution: LaunchingExecution;
  readonly session: SessionRecord;
  readonly lease: LeaseRecord;
}

/** An execution that was launched at t0 under generation `generation` and lease `l<generation>`; its epoch is 2. */
export const launched = (fields: Partial<ExecutionBase> = {}, generation = 1): Launched =>
  planLaunch(
    anExecution(fields),
    aSession(),
    { generation, attempt: generation, leaseId: `l${generation}`, now: t0 },
    launchPolicy,
  );

/** The same after its claim by `owner` at t0; the lease ends at t0 + 1000. */
export function claimed(
  fields: Partial<ExecutionBase> = {},
  lease: Partial<LeaseRecord> = {},
): Omit<Launched, 'execution'> & { readonly execution: RunningExecution } {
  const { execution, session, lease: unclaimed } = launched(fields);
  return {
    execution: { ...anExecution({ starts: 1, ...fields }), state: 'running', launch: execution.launch, claimedAt: t0 },
    session,
    lease: { ...unclaimed, owner: 'owner', claimedAt: t0, expiresAt: t0 + 1000, ...lease },
  };
}

/** The same while its own result stands in the dead letter `d1`, which holds it until `endsAt`. */
export function holding(
  endsAt: number,
  fields: Partial<ExecutionBase> = {},
  lease: Partial<LeaseRecord> = {},
): ReturnType<typeof claimed> {
  const stored = claimed(fields, lease);
  const heldResult = { deadLetterId: 'd1', outcome: 'exited', heldAt: t0, endsAt };
  return { ...stored, execution: { ...stored.execution, heldResult } };
}

export const aCheckpoint = (number = 1): CheckpointRef => ({
  number,
  parent: number === 1 ? null : number - 1,
  manifest: { object: `sessions/s1/manifests/${number}`, bytes: 10, sha256: 'a'.repeat(64) },
  state: { object: `sessions/s1/states/${number}`, bytes: 10, sha256: 'b'.repeat(64) },
  entries: 1,
  workspaceBytes: 3,
});

/** The completion event of the launch of `launched()` or `claimed()`, exit code 0. */
export function aCompletion(fields: Partial<CompletionEvent> = {}): CompletionEvent {
  const { execution } = launched();
  const outcome = { kind: 'exited', exitCode: 0 } as const;
  return { ...endWithoutExecutor(execution, execution.launch, outcome, '2026-01-01T00:00:05.000Z'), ...fields };
}

export const finished = (event: CompletionEvent = aCompletion(), next: string | null = null): FinishedExecution => ({
  ...anExecution(),
  state: 'finished',
  launch: launched().execution.launch,
  result: event,
  finishedAt: t0 + 5000,
  expireAt: t0 + 5000 + retentionMs,
  next,
});
