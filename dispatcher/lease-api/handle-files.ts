import type { FileWrites, StoredForFiles } from '../../execution/file-request-facts.ts';
import type { FileRequestRecord } from '../../execution/file-request-record.ts';
import type { FilesAnswer, FilesRequest } from '../../execution/lease-protocol.ts';
import { mayWrite } from '../../execution/object-names.ts';
import { decideAnswered, decideGivenBack, decideTake } from './decide-files.ts';
import { findHolder, type LeaseAnswer, type LeaseApiPolicy, type LeaseApiPorts, type LeaseCaller } from './handle.ts';

/** What the lease API needs to pass requests for files on. */
export interface FilesPorts {
  transactFiles<D extends { readonly writes?: FileWrites }>(
    ids: { readonly sessionId: string; readonly requestId: string },
    decide: (stored: StoredForFiles) => D,
  ): Promise<D>;
  findOffered(sessionId: string, limit: number): Promise<readonly FileRequestRecord[]>;
  findTaken(sessionId: string, leaseId: string): Promise<readonly FileRequestRecord[]>;
  /** Resolves true when something waits, false when `signal` is aborted first. */
  untilOffered(sessionId: string, signal: AbortSignal): Promise<boolean>;
  /** Aborted when this process is to end: nobody is to be kept waiting then. */
  readonly closing: AbortSignal;
}

/** Requests that one call passes on. */
const atOnce = 20;

/**
 * Keeps the answers of the holder, gives it what it takes, and waits with it for more. Waiting changes nothing, so a
 * call whose caller is gone leaves nothing behind.
 */
export async function handleFiles(
  caller: LeaseCaller,
  { answers, take, waitMs, closes }: FilesRequest,
  ports: Pick<LeaseApiPorts, 'transact' | 'now'> & FilesPorts,
  policy: LeaseApiPolicy & { readonly left: AbortSignal },
): Promise<LeaseAnswer<FilesAnswer>> {
  const holder = await findHolder(caller, ports, policy);
  if (holder.kind === 'refused') return holder;
  const { lease } = holder;
  const { sessionId } = lease;
  const foreign = answers.find(({ answers: one }) => one.kind === 'object' && !mayWrite(one.ref.object, lease));
  if (foreign !== undefined) {
    return { kind: 'refused', code: 'lease/unauthorized', message: `not of this lease: an answer` };
  }
  for (const { requestId, answers: came } of answers) {
    await ports.transactFiles({ sessionId, requestId }, (stored) => decideAnswered(stored, lease, came));
  }
  if (closes) {
    for (const { requestId } of await ports.findTaken(sessionId, lease.leaseId)) {
      await ports.transactFiles({ sessionId, requestId }, (stored) => decideGivenBack(stored, lease, ports.now()));
    }
    return { kind: 'ok', body: { offered: [], taken: [] } };
  }
  const taken: FilesAnswer['taken'][number][] = [];
  for (const requestId of take) {
    const decision = await ports.transactFiles({ sessionId, requestId }, (stored) =>
      decideTake(stored, lease, ports.now()),
    );
    if (decision.taken !== null) taken.push({ requestId, operations: decision.taken.operations });
  }
  const offered = taken.length > 0 || waitMs === 0 ? [] : await offersOf(sessionId, waitMs, ports, policy.left);
  return { kind: 'ok', body: { offered, taken } };
}

async function offersOf(
  sessionId: string,
  waitMs: number,
  ports: FilesPorts,
  left: AbortSignal,
): Promise<readonly string[]> {
  const signal = AbortSignal.any([AbortSignal.timeout(waitMs), left, ports.closing]);
  if (!(await ports.untilOffered(sessionId, signal))) return [];
  return (await ports.findOffered(sessionId, atOnce)).map(({ requestId }) => requestId);
}
