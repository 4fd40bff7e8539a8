import { setTimeout as delay } from 'node:timers/promises';
import type { FileOperation } from '../../execution/file-operation.ts';
import { inlineAnswersBytes, type StoredAnswers, type StoredOperations } from '../../execution/file-request-record.ts';
import type { Assignment, FilesAnswer, FilesRequest } from '../../execution/lease-protocol.ts';
import { objectNames } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { readVerified } from '../../workspace/workspace-objects.ts';
import type { LeaseClient } from '../lease-client.ts';
import type { LeaseObjects } from '../lease-objects.ts';
import { sha256Of } from '../resolve-request.ts';
import type { FileOwner } from '../walls/wall.ts';
import { carryOutFiles, type FilesPlace, failureOf } from './carry-out-files.ts';

export interface FileService {
  /** What the files of the workspace take, as it was measured last. */
  workspaceMeasured(bytes: number): void;
  /** Takes no more, waits for what is being done and has its answers kept. Does not reject. */
  close(): Promise<void>;
}

export interface FileServiceOptions {
  readonly assignment: Pick<Assignment, 'executionId' | 'generation' | 'limits'>;
  readonly lease: Pick<LeaseClient, 'files'>;
  readonly objects: LeaseObjects;
  readonly workspace: string;
  /** Where /tmp is, if that is a folder. */
  readonly tmp: string | null;
  readonly scratch: string;
  readonly owner: FileOwner | null;
  /** Aborted when nothing may be done in the name of the lease any more. */
  readonly fenced: AbortSignal;
}

/** Most commands end sooner, and cost nobody a call; what is asked for meanwhile waits so long. */
const beginAfterMs = 300;
const waitMs = 20_000;
const againAfterMs = 500;
const mebibyte = 1024 * 1024;
/** How long the end of a command may be held up by answers that cannot be given. */
const closeWithinMs = 5_000;

/** Carries out what is asked of the session's files while its command runs. */
export function serveFiles(options: FileServiceOptions): FileService {
  const { lease, fenced } = options;
  const closing = new AbortController();
  const ending = AbortSignal.any([closing.signal, fenced]);
  let answers: FilesRequest['answers'] = [];
  let hasAsked = false;
  const { workspaceMb, tmpMb } = options.assignment.limits;
  const room: FilesPlace['room'] = {
    workspace: { usedBytes: 0, limitBytes: workspaceMb * mebibyte },
    // What commands have there is not measured: what requests write is.
    tmp: { usedBytes: 0, limitBytes: tmpMb * mebibyte },
  };

  const ask = async (request: Partial<FilesRequest>, signal?: AbortSignal): Promise<FilesAnswer> => {
    hasAsked = true;
    const given = answers;
    const whole = { answers: given, take: [], waitMs: 0, closes: false, ...request };
    const answer = await lease.files(whole, signal);
    answers = answers.filter((one) => !given.includes(one));
    return answer;
  };
  const serve = async () => {
    await delay(beginAfterMs, undefined, { signal: ending });
    let wanted: readonly string[] = [];
    while (!ending.aborted) {
      try {
        if (wanted.length === 0) wanted = (await ask({ waitMs }, ending)).offered;
        if (wanted.length === 0 || ending.aborted) continue;
        // This call is waited for: whether something was taken must be known before the command's end is told. Repeated
        // after a failure it gives the same: it may have been heard, and what was taken is offered to nobody.
        const { taken } = await ask({ take: wanted });
        wanted = [];
        // What cannot be had would be offered again at once.
        if (taken.length === 0) await delay(againAfterMs, undefined, { signal: ending });
        for (const { requestId, operations } of taken) {
          if (fenced.aborted) return;
          answers = [...answers, { requestId, answers: await answerOne(requestId, operations, { ...options, room }) }];
        }
      } catch (error) {
        if (ending.aborted || !(error instanceof PipelineError) || !error.retryable) return;
        await delay(againAfterMs, undefined, { signal: ending });
      }
    }
  };
  const served = serve().catch(() => {}); // an abort of a delay, and nothing else
  return {
    workspaceMeasured(bytes) {
      room.workspace.usedBytes = bytes;
    },
    async close() {
      closing.abort();
      await served;
      const until = performance.now() + closeWithinMs;
      while (hasAsked && !fenced.aborted && performance.now() < until) {
        try {
          await ask({ closes: true });
          return;
        } catch (error) {
          if (!(error instanceof PipelineError) || !error.retryable) return;
          await delay(againAfterMs);
        }
      }
    },
  };
}

async function answerOne(
  requestId: string,
  stored: StoredOperations,
  {
    assignment,
    objects,
    workspace,
    tmp,
    scratch,
    owner,
    room,
    fenced,
  }: FileServiceOptions & { readonly room: FilesPlace['room'] },
): Promise<StoredAnswers> {
  const { executionId, generation } = assignment;
  const place: FilesPlace = {
    ...{ workspace, tmp, scratch, owner, objects, room, fenced },
    nameOf: (name) => objectNames.answer(executionId, generation, name),
  };
  try {
    const answers = await carryOutFiles(await readOperations(stored, objects), requestId, place);
    const json = JSON.stringify(answers);
    if (json.length <= inlineAnswersBytes) return { kind: 'inline', json };
    const bytes = Buffer.from(json);
    const object = place.nameOf(`${requestId}-answers`);
    await objects.write(new Map([[object, bytes]]));
    return { kind: 'object', ref: { object, bytes: bytes.length, sha256: sha256Of(bytes) } };
  } catch (error) {
    return { kind: 'failed', ...failureOf(error) };
  }
}

async function readOperations(stored: StoredOperations, objects: LeaseObjects): Promise<readonly FileOperation[]> {
  if (stored.kind === 'inline') return stored.operations;
  const [bytes] = await readVerified(objects, [stored.ref]);
  // The dispatcher has checked it; the hash proves that it is still the same.
  return (JSON.parse(Buffer.from(bytes ?? []).toString()) as { readonly operations: readonly FileOperation[] })
    .operations;
}
