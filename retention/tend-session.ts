import { eraseExecution } from '../execution/erase-execution.ts';
import { eraseFileRequest } from '../execution/erase-file-request.ts';
import type { FinishedExecution, SessionRecord } from '../execution/records.ts';
import { type Collected, collectFolder } from './collect-folder.ts';
import type { CollectionPolicy } from './decide-collection.ts';
import { decideExpiry, decideRemoval, isExpired, mayBeThinned } from './decide-expiry.ts';
import { decideThinning, type ThinningPolicy } from './decide-thinning.ts';
import type { RetentionPorts } from './ports.ts';

export interface RetentionPolicy extends CollectionPolicy {
  readonly thinning: ThinningPolicy;
  /** How long what has no record of its own is kept: uploads and the bytes of dead letters. */
  readonly leftoverMs: number;
  /** Only tell what would be done. */
  readonly dryRun: boolean;
}

/** What was done to one session, or would be. */
export interface Tended extends Collected {
  readonly sessionId: string;
  /** As the round found it, or made it; none: there is no record of it. */
  readonly state: SessionRecord['state'] | 'none';
  /** Its time was over. */
  readonly expired: boolean;
  readonly thinned: number;
  /** Of what was deleted under this id: checkpoints and executions whose records were seen to. */
  readonly erased: { readonly checkpoints: number; readonly executions: number };
  /** Nothing of a deleted session is left, its record included. */
  readonly forgotten: boolean;
}

const pageSize = 100;

/** Sees to one session: whether its time is over, its old checkpoints, what was deleted under its id, its folder. */
export async function tendSession(sessionId: string, ports: RetentionPorts, policy: RetentionPolicy): Promise<Tended> {
  const { dryRun } = policy;
  const found = await ports.getSession(sessionId);
  const isOver = found !== null && isExpired(found, ports.now());
  const expired = isOver && (dryRun || (await expire(sessionId, ports)));
  const session = expired && !dryRun ? await ports.getSession(sessionId) : found;
  const thinned = session !== null && session.state !== 'deleted' ? await thin(session, ports, policy) : 0;
  const removal = session?.removal ?? null;
  const erased =
    removal === null ? { checkpoints: 0, executions: 0 } : await eraseDeleted(sessionId, removal, ports, policy);
  const collected = await collectFolder(sessionId, ports, policy);
  const isEmpty = session?.state !== 'deleted' || (collected.kept.length === 0 && collected.young.length === 0);
  const forgotten =
    removal !== null &&
    !dryRun &&
    isEmpty &&
    (await ports.transactSession(sessionId, (stored) => decideRemoval(stored, removal.deletedAt))).kind === 'forget';
  const state = session?.state ?? 'none';
  return { ...collected, sessionId, state, expired, thinned, erased, forgotten };
}

async function expire(sessionId: string, ports: RetentionPorts): Promise<boolean> {
  const now = ports.now();
  const decision = await ports.transactSession(sessionId, (stored) => decideExpiry(stored, now));
  return decision.kind === 'delete';
}

/** Takes checkpoints from the history, oldest first, so that a killed round leaves what a shorter one would have. */
async function thin(session: SessionRecord, ports: RetentionPorts, policy: RetentionPolicy): Promise<number> {
  const { sessionId } = session;
  const above = session.removal?.throughCheckpoint ?? 0;
  const checkpoints = (await ports.listCheckpoints(sessionId)).filter(({ number }) => number > above);
  const named = await ports.listNamed(sessionId);
  const head = session.head?.number ?? null;
  const gone = decideThinning({ checkpoints, head, named, now: ports.now() }, policy.thinning).toReversed();
  if (policy.dryRun) return gone.length;
  let thinned = 0;
  for (const number of gone) {
    if (await ports.deleteCheckpoint(sessionId, number, (current) => mayBeThinned(current, number))) thinned += 1;
  }
  return thinned;
}

/** Removes the records of what was deleted under this id. An execution keeps what makes its id take effect once. */
async function eraseDeleted(
  sessionId: string,
  { throughCheckpoint, deletedAt }: NonNullable<SessionRecord['removal']>,
  ports: RetentionPorts,
  { dryRun }: RetentionPolicy,
): Promise<Tended['erased']> {
  const old = (await ports.listCheckpoints(sessionId)).filter(({ number }) => number <= throughCheckpoint);
  const seen = new Set<string>();
  let executions = 0;
  let until = deletedAt;
  for (;;) {
    const page = (await ports.listExecutions(sessionId, until, pageSize)).filter(
      ({ executionId }) => !seen.has(executionId),
    );
    for (const execution of page) {
      seen.add(execution.executionId);
      if (execution.state !== 'finished' || execution.isErased) continue;
      executions += 1;
      if (!dryRun) await erase(execution, ports);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    until = last.acceptedAt;
  }
  if (dryRun) return { checkpoints: old.length, executions };
  const now = ports.now();
  await ports.replaceFileRequests(sessionId, (record, storedAt) =>
    eraseFileRequest(record, { storedAt, deletedAt, now }),
  );
  for (const { number } of old) await ports.deleteCheckpoint(sessionId, number, () => true);
  return { checkpoints: old.length, executions };
}

/** The objects first: the record leads to them. */
async function erase(execution: FinishedExecution, ports: RetentionPorts): Promise<void> {
  for (const object of await ports.listObjects(`executions/${execution.executionId}/`))
    await ports.deleteObject(object);
  await ports.replaceExecution(eraseExecution(execution));
}
