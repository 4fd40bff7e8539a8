import { createHash } from 'node:crypto';
import { type ErrorCode, errorCodes } from '../../execution/error-codes.ts';
import type { FileOperation } from '../../execution/file-operation.ts';
import type { FileRequestRecord, StoredAnswers } from '../../execution/file-request-record.ts';
import { objectNames } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { topics } from '../../infra/topology.ts';
import type { FileRequest, ObjectRef } from '../../schemas/generated/messages.ts';
import { checkMessage } from '../../schemas/parse-message.ts';
import type { FileAnswer } from '../../workspace/files/file-answer.ts';
import type { ClientPorts } from '../client-ports.ts';
import type { OpenWork } from '../open-work.ts';
import { sendMessage } from '../send-message.ts';
import { readProved } from './read-proved.ts';

/** One operation whose content, if it is long, is not uploaded yet. */
export interface PlannedOperation {
  readonly operation: FileOperation;
  readonly content?: Uint8Array;
  readonly tenantId?: string | undefined;
}

/** Longer contents go to the bucket by themselves. */
const inlineContentBytes = 64 * 1024;
/** A request that is longer goes to the bucket as a whole. */
const inlineRequestBytes = 256 * 1024;
const maxOperations = 500;
/** Of contents in one request, before base64. */
const maxInlineBytes = 4 * 1024 * 1024;
const waitMs = 60_000;

type QueuePorts = Pick<ClientPorts, 'now' | 'newId' | 'publish' | 'readObject' | 'createObject' | 'watchFileRequest'>;

interface Waiting extends PlannedOperation {
  readonly resolve: (answer: FileAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends the file operations of one session. While a request is under way, what is asked for meanwhile is gathered and
 * sent as the next one: operations keep their order, and many small ones make one checkpoint.
 */
export class FileQueue {
  readonly #sessionId: string;
  readonly #ports: QueuePorts;
  readonly #work: OpenWork;
  readonly #waiting: Waiting[] = [];
  #isSending = false;

  constructor(sessionId: string, { ports, work }: { readonly ports: QueuePorts; readonly work: OpenWork }) {
    this.#sessionId = sessionId;
    this.#ports = ports;
    this.#work = work;
  }

  /** Resolves with what it came to. Rejects with its error, or with client/timeout when nobody answered. */
  async ask(planned: PlannedOperation): Promise<Exclude<FileAnswer, { kind: 'failed' }>> {
    // One that is refused takes no others with it.
    this.#check([withoutContent(planned)], planned.tenantId, 'check');
    const { promise, resolve, reject } = Promise.withResolvers<FileAnswer>();
    this.#waiting.push({ ...planned, resolve, reject });
    if (!this.#isSending) void this.#sendAll();
    const answer = await promise;
    if (answer.kind === 'failed') throw new PipelineError(knownCode(answer.code), answer.message);
    return answer;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    // What is asked for in the same turn belongs together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        const answers = await this.#send(batch);
        for (const [i, { resolve, reject }] of batch.entries()) {
          const answer = answers[i];
          if (answer === undefined) reject(new PipelineError('files/unconfirmed', 'there is no answer for it'));
          else resolve(answer);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error as Error);
      }
    }
    this.#isSending = false;
  }

  #takeBatch(): readonly Waiting[] {
    let bytes = 0;
    const [first] = this.#waiting;
    const fits = ({ content, tenantId }: Waiting, i: number) => {
      if (tenantId !== first?.tenantId) return false;
      if (content !== undefined && content.length <= inlineContentBytes) bytes += content.length;
      return i === 0 || (i < maxOperations && bytes <= maxInlineBytes);
    };
    const end = this.#waiting.findIndex((one, i) => !fits(one, i));
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #send(batch: readonly Waiting[]): Promise<readonly FileAnswer[]> {
    const requestId = this.#ports.newId();
    const operations: FileOperation[] = [];
    for (const [i, planned] of batch.entries()) operations.push(await this.#complete(planned, `${requestId}-${i}`));
    const message = await this.#shorten(this.#check(operations, batch[0]?.tenantId, requestId));
    const record = await this.#awaitDone(message);
    return await readAnswers(record.answers, batch.length, this.#ports);
  }

  #check(operations: readonly FileOperation[], tenantId: string | undefined, requestId: string): FileRequest {
    const ids = { requestId, sessionId: this.#sessionId, ...(tenantId !== undefined && { tenantId }) };
    const expiresAt = new Date(this.#ports.now() + waitMs).toISOString();
    const checked = checkMessage('file-request.v1', { ...ids, expiresAt, operations });
    if (!checked.ok) throw new PipelineError(checked.code, checked.problems.join('; '));
    return checked.message;
  }

  async #complete({ operation, content }: PlannedOperation, name: string): Promise<FileOperation> {
    if (content === undefined || !('content' in operation)) return operation;
    if (content.length <= inlineContentBytes) {
      return { ...operation, content: { base64: Buffer.from(content).toString('base64') } };
    }
    return { ...operation, content: { ref: await this.#upload(name, content) } };
  }

  async #shorten(request: FileRequest): Promise<FileRequest> {
    const bytes = Buffer.from(JSON.stringify(request));
    if (bytes.length <= inlineRequestBytes) return request;
    const { operations: _, ...short } = request;
    return { ...short, operationsRef: await this.#upload(request.requestId, bytes) };
  }

  async #upload(name: string, bytes: Uint8Array): Promise<ObjectRef> {
    const object = objectNames.upload(name);
    await this.#ports.createObject(object, bytes);
    return { object, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  async #awaitDone(message: FileRequest) {
    this.#work.closing.throwIfAborted();
    const { sessionId, requestId } = message;
    const { promise, resolve, reject } = Promise.withResolvers<Extract<FileRequestRecord, { state: 'done' }>>();
    promise.catch(() => {}); // publishing may fail first
    const onRecord = (record: FileRequestRecord | null) => {
      if (record?.state === 'done') resolve(record);
    };
    const stop = this.#ports.watchFileRequest({ sessionId, requestId }, onRecord, reject);
    const timeout = () =>
      reject(new PipelineError('client/timeout', `the files of ${sessionId} were not answered for in ${waitMs} ms`));
    const timer = setTimeout(timeout, waitMs + patienceMs);
    const forget = this.#work.add(() => reject(new PipelineError('client/aborted', 'the client was closed')));
    try {
      await sendMessage(this.#ports, topics.files, {
        name: 'file-request.v1',
        ...{ message, id: requestId, orderingKey: sessionId },
      });
      return await promise;
    } finally {
      forget();
      clearTimeout(timer);
      stop();
    }
  }
}

/** What is not begun in time is told so by the services: that word is better than none. */
const patienceMs = 15_000;

/** As it will be, but for the bytes. */
const withoutContent = ({ operation, content }: PlannedOperation): FileOperation =>
  content !== undefined && 'content' in operation ? { ...operation, content: { text: '' } } : operation;

async function readAnswers(
  answers: StoredAnswers,
  count: number,
  ports: Pick<ClientPorts, 'readObject'>,
): Promise<readonly FileAnswer[]> {
  if (answers.kind === 'failed') return Array.from({ length: count }, () => answers);
  const json = answers.kind === 'inline' ? answers.json : Buffer.from(await readProved(answers.ref, ports));
  return JSON.parse(json.toString()) as FileAnswer[];
}

const knownCode = (code: string): ErrorCode => (code in errorCodes ? (code as ErrorCode) : 'google/failed');
