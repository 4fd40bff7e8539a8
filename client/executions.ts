import type { ExecutionFilter } from '../execution/execution-filter.ts';
import type { WaitReason } from '../execution/explain-waiting.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ExecutionRecord, ExecutionState, IgnoredEvent, ReplayLink } from '../execution/records.ts';
import type { Labels, Outcome, ReplayOf, Status } from '../schemas/generated/messages.ts';
import { cancelExecution } from './cancel-execution.ts';
import type { ClientPorts } from './client-ports.ts';
import { buildResult, type ExecutionResult } from './execution-result.ts';
import { explainQueued } from './explain-queued.ts';
import { readOutput } from './read-output.ts';
import { isRecordId, requireRecordId } from './record-id.ts';
import { requireLimit } from './require-limit.ts';

/** What is known of an execution without its output. */
export interface ExecutionSummary {
  readonly executionId: string;
  readonly sessionId: string;
  readonly tenantId: string;
  /** Position in the session, from 1; 0 when it was rejected. */
  readonly seq: number;
  readonly state: ExecutionState;
  /** The four are null until it has ended. */
  readonly status: Status | null;
  readonly outcome: Outcome | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** null when it was too long to be kept with the record. */
  readonly command: string | null;
  /** Number of the last launch; 0 before the first. */
  readonly generation: number;
  /** How often an executor claimed it, so how often its command may have been started. */
  readonly starts: number;
  readonly acceptedAt: Date;
  readonly finishedAt: Date | null;
  readonly labels: Labels;
  /** What it repeats; null when it is no replay. */
  readonly replayOf: ReplayOf | null;
  /** The executions that repeat it, oldest first. */
  readonly replays: readonly (Omit<ReplayLink, 'replayedAt'> & { readonly replayedAt: Date })[];
  /** Its own result, where that became a dead letter: nobody else ends the execution before `until`. */
  readonly heldResult: { readonly deadLetterId: string; readonly outcome: string; readonly until: Date } | null;
  /** Results that came too late to count, the newest last; the last ten. */
  readonly ignoredEvents: readonly (Omit<IgnoredEvent, 'ignoredAt'> & { readonly ignoredAt: Date })[];
}

export interface Execution extends ExecutionSummary {
  /** null until it has ended. */
  readonly result: ExecutionResult | null;
}

/** The executions of the project, by their records. */
export interface Executions {
  /** null when no execution of this id was accepted. */
  get(executionId: string): Promise<Execution | null>;
  /** Newest first; 20 unless `limit` says otherwise. `before` continues a list: give it the last `acceptedAt`. */
  list(
    query?: ExecutionFilter & { readonly limit?: number; readonly before?: Date },
  ): Promise<readonly ExecutionSummary[]>;
  /** Why it is queued, the nearest reason first; empty when it is not. */
  explainWaiting(executionId: string): Promise<readonly WaitReason[]>;
  /** Asks for an execution to be cancelled. Resolves with false when it had ended before. */
  cancel(executionId: string, reason?: string): Promise<boolean>;
}

const defaultLimit = 20;

export function createExecutions(ports: ClientPorts): Executions {
  const find = async (executionId: string) => (isRecordId(executionId) ? await ports.getExecution(executionId) : null);
  return {
    async get(executionId) {
      const record = await find(executionId);
      return record === null ? null : { ...summarize(record), result: await resultOf(record, ports) };
    },
    async list({ sessionId, tenantId, state, status, limit = defaultLimit, before } = {}) {
      const query = {
        limit: requireLimit(limit),
        ...(sessionId !== undefined && { sessionId: requireRecordId('sessionId', sessionId) }),
        ...(tenantId !== undefined && { tenantId: requireRecordId('tenantId', tenantId) }),
        ...(state !== undefined && { state }),
        ...(status !== undefined && { status }),
        ...(before !== undefined && { before: before.getTime() }),
      };
      return (await ports.listExecutions(query)).map(summarize);
    },
    async explainWaiting(executionId) {
      const record = await find(executionId);
      return record === null ? [] : await explainQueued(record, ports);
    },
    async cancel(executionId, reason) {
      const record = await find(executionId);
      if (record === null) {
        throw new PipelineError(
          'control/unknown-execution',
          `no execution ${JSON.stringify(executionId)} was accepted`,
        );
      }
      if (record.state === 'finished' || record.state === 'rejected') return false;
      await cancelExecution(ports, record, reason);
      return true;
    },
  };
}

async function resultOf(record: ExecutionRecord, ports: ClientPorts): Promise<ExecutionResult | null> {
  if (record.state !== 'finished' && record.state !== 'rejected') return null;
  return buildResult(record, await readOutput(record, ports.readObject), ports);
}

export function summarize(record: ExecutionRecord): ExecutionSummary {
  const {
    executionId,
    sessionId,
    tenantId,
    seq,
    state,
    request,
    starts,
    acceptedAt,
    labels = {},
    replays = [],
    ignoredEvents = [],
  } = record;
  return {
    executionId,
    sessionId,
    tenantId,
    seq,
    state,
    ...endOf(record),
    command: request.kind === 'inline' ? (request.request.command ?? null) : null,
    generation: 'launch' in record ? (record.launch?.generation ?? 0) : 0,
    starts,
    acceptedAt: new Date(acceptedAt),
    finishedAt: record.state === 'finished' ? new Date(record.finishedAt) : null,
    labels: { ...labels },
    replayOf: record.replayOf ?? null,
    replays: replays.map(({ replayedAt, ...replay }) => ({ ...replay, replayedAt: new Date(replayedAt) })),
    heldResult: heldResultOf(record),
    ignoredEvents: ignoredEvents.map(({ ignoredAt, ...event }) => ({ ...event, ignoredAt: new Date(ignoredAt) })),
  };
}

function heldResultOf(record: ExecutionRecord): ExecutionSummary['heldResult'] {
  if (record.state !== 'running' || record.heldResult === undefined) return null;
  const { deadLetterId, outcome, endsAt } = record.heldResult;
  return { deadLetterId, outcome, until: new Date(endsAt) };
}

function endOf(record: ExecutionRecord): Pick<ExecutionSummary, 'status' | 'outcome' | 'exitCode' | 'signal'> {
  if (record.state === 'finished') {
    const { status, outcome, exitCode, signal } = record.result;
    return { status, outcome, exitCode, signal };
  }
  if (record.state === 'rejected') {
    const outcome: Outcome = { kind: 'rejected', code: record.code, message: record.message };
    return { status: 'rejected', outcome, exitCode: null, signal: null };
  }
  return { status: null, outcome: null, exitCode: null, signal: null };
}
