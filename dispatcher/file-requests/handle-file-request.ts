import { hash } from 'node:crypto';
import { assertNever } from '../../execution/assert-never.ts';
import { ack, type Delivery, type Disposition, nack } from '../../execution/delivery.ts';
import type { ErrorCode } from '../../execution/error-codes.ts';
import { type FileOperation, isChange, readFileOperations } from '../../execution/file-operation.ts';
import type { FileWrites, StoredForFiles } from '../../execution/file-request-facts.ts';
import {
  inlineAnswersBytes,
  inlineOperationsBytes,
  type StoredAnswers,
  type StoredOperations,
} from '../../execution/file-request-record.ts';
import { isUpload, objectNames } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { FileRequest, ObjectRef } from '../../schemas/generated/messages.ts';
import { maxMessageBytes, parseMessage } from '../../schemas/parse-message.ts';
import { type ChangedCheckpoint, changeCheckpoint } from '../../workspace/files/change-checkpoint.ts';
import type { FileRoot } from '../../workspace/files/file-path.ts';
import { createSessionObjects, type ObjectBytes } from '../../workspace/files/session-objects.ts';
import type { WorkspaceLimits } from '../../workspace/workspace-limits.ts';
import {
  type AppliedDecision,
  decideApplied,
  decideFileRequest,
  type FileDecision,
  type FilePolicy,
} from './decide-file-request.ts';
import { readContent, type UploadReader } from './read-content.ts';

export interface FilePorts {
  /** One transaction: reads the records, stores `writes`; runs `decide` again on contention. */
  transactFiles<D extends { readonly writes?: FileWrites }>(
    ids: { readonly sessionId: string; readonly requestId: string },
    decide: (stored: StoredForFiles) => D,
  ): Promise<D>;
  /** Resolves when the request has its answers, when the session's record changes, or when `signal` is aborted. */
  untilMoved(ids: { readonly sessionId: string; readonly requestId: string }, signal: AbortSignal): Promise<void>;
  readonly objects: ObjectBytes & UploadReader;
  /** Runs one at a time of what needs memory, as far as there is room. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  deadLetter(delivery: Delivery, code: ErrorCode, reason: string): Promise<void>;
  now(): number;
}

export interface FileHandling extends FilePolicy {
  /** How long one delivery waits for an executor; the next one goes on. */
  readonly waitMs: number;
  readonly limits: Readonly<Record<FileRoot, WorkspaceLimits>>;
}

interface Asked {
  readonly request: FileRequest;
  readonly operations: readonly FileOperation[];
  readonly stored: StoredOperations;
}

/** Has one request for files carried out, by the executor of the session's command or here. A rejected port call means nack. */
export async function handleFileRequest(
  delivery: Delivery,
  ports: FilePorts,
  policy: FileHandling,
): Promise<Disposition> {
  const asked = await readAsked(delivery, ports);
  if (asked.kind === 'refused') {
    await ports.deadLetter(delivery, asked.code, asked.reason);
    return ack;
  }
  const { request, operations, stored: storedOperations } = asked;
  const changes = operations.some(isChange);
  const waited = AbortSignal.timeout(policy.waitMs);
  while (!waited.aborted) {
    const now = ports.now();
    const decision: FileDecision = await ports.transactFiles(request, (stored) =>
      decideFileRequest({ request, operations: storedOperations, changes, stored, now }, policy),
    );
    switch (decision.kind) {
      case 'done':
        return ack;
      case 'wait':
        await ports.untilMoved(request, waited);
        break;
      case 'apply': {
        const applied = await ports.inTurn(() => apply(asked, decision, ports, policy));
        if (applied.kind === 'done') return ack;
        break;
      }
      default:
        return assertNever(decision);
    }
  }
  return nack('the executor of the session has not answered yet');
}

/** What was made is stored and nothing refers to it: after a crash here the next delivery makes it again. */
async function apply(
  { request, operations }: Asked,
  { head, ancestors, session }: Extract<FileDecision, { readonly kind: 'apply' }>,
  ports: FilePorts,
  { limits, ...policy }: FileHandling,
): Promise<AppliedDecision> {
  const { sessionId } = request;
  const now = ports.now();
  let outcome: { readonly answers: StoredAnswers; readonly changed: ChangedCheckpoint['changed'] };
  try {
    const { answers, changed } = await changeCheckpoint({
      sessionId,
      head,
      operations,
      objects: createSessionObjects(ports.objects, [sessionId, ...ancestors]),
      limits,
      contentOf: (content) => readContent(content, ports.objects),
      now,
    });
    outcome = { answers: await storeAnswers(request, answers, ports), changed };
  } catch (error) {
    if (!(error instanceof PipelineError) || error.retryable) throw error;
    outcome = { answers: { kind: 'failed', code: error.code, message: error.message }, changed: null };
  }
  return await ports.transactFiles(request, (stored) =>
    decideApplied({ request, ...outcome, decidedOn: { head, session }, stored, now }, policy),
  );
}

async function storeAnswers(
  { requestId }: FileRequest,
  answers: ChangedCheckpoint['answers'],
  { objects }: FilePorts,
): Promise<StoredAnswers> {
  const json = JSON.stringify(answers);
  if (json.length <= inlineAnswersBytes) return { kind: 'inline', json };
  return { kind: 'object', ref: await writeUpload(`${requestId}-answers`, Buffer.from(json), objects) };
}

async function writeUpload(name: string, bytes: Uint8Array, objects: ObjectBytes): Promise<ObjectRef> {
  const object = objectNames.upload(name);
  await objects.write(object, bytes);
  return { object, bytes: bytes.length, sha256: hash('sha256', bytes) };
}

type ReadAsked = ({ readonly kind: 'asked' } & Asked) | { kind: 'refused'; code: ErrorCode; reason: string };

/** The request with its operations, wherever they stand. */
async function readAsked(delivery: Delivery, { objects }: FilePorts): Promise<ReadAsked> {
  const refuse = (code: ErrorCode, reason: string): ReadAsked => ({ kind: 'refused', code, reason });
  const parsed = parseMessage('file-request.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) return refuse(parsed.code, parsed.problems.join('; '));
  const { message: request } = parsed;
  const { operationsRef: ref } = request;
  let fields = request.operations ?? [];
  if (ref !== undefined) {
    if (!isUpload(ref.object)) return refuse('request/foreign-object', `${ref.object} is not below uploads/`);
    // Whoever carries them out holds them in memory.
    if (ref.bytes > maxMessageBytes) {
      return refuse('message/too-large', `the operations have ${ref.bytes} bytes; the limit is ${maxMessageBytes}`);
    }
    const notThere = `${ref.object} does not hold the operations of ${request.requestId}`;
    const bytes = await readProved(ref, objects);
    if (bytes === null) return refuse('message/invalid', notThere);
    const whole = parseMessage('file-request.v1', bytes);
    if (!whole.ok) return refuse(whole.code, whole.problems.join('; '));
    const { message } = whole;
    const isSame = message.requestId === request.requestId && message.sessionId === request.sessionId;
    if (!isSame || message.operations === undefined) return refuse('message/invalid', notThere);
    fields = message.operations;
  }
  const read = readFileOperations(fields);
  if (!read.ok) return refuse('message/invalid', read.problem);
  const { operations } = read;
  const foreign = operations.find(
    (one) => 'content' in one && one.content.ref !== undefined && !isUpload(one.content.ref.object),
  );
  if (foreign !== undefined) return refuse('request/foreign-object', 'a content is not below uploads/');
  return { kind: 'asked', request, operations, stored: await keepOperations(request, operations, objects) };
}

/** What the reference says, or null where something else or nothing stands there. No more of it is read. */
async function readProved({ object, bytes, sha256 }: ObjectRef, objects: UploadReader): Promise<Uint8Array | null> {
  if (bytes < 1) return null;
  try {
    const found = await objects.readPart(object, { start: 0, bytes });
    return hash('sha256', found) === sha256 ? found : null;
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'google/not-found') return null;
    throw error;
  }
}

/** Short ones stand in the record, for the executor that may carry them out. */
async function keepOperations(
  { requestId, operationsRef }: FileRequest,
  operations: readonly FileOperation[],
  objects: ObjectBytes,
): Promise<StoredOperations> {
  if (operationsRef !== undefined) return { kind: 'object', ref: operationsRef };
  const json = JSON.stringify(operations);
  if (Buffer.byteLength(json) <= inlineOperationsBytes) return { kind: 'inline', operations };
  const whole = { requestId, operations };
  return {
    kind: 'object',
    ref: await writeUpload(`${requestId}-operations`, Buffer.from(JSON.stringify(whole)), objects),
  };
}
