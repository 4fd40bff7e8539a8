import type * as grpc from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import { toServiceError } from '../grpc-server.ts';
import type { Database } from './database.ts';
import type { Databases } from './databases.ts';
import type { DocumentChange } from './document-store.ts';
import { invalidArgument } from './limits.ts';
import { createTarget, type DocumentNews, type ListenTarget, type WireTarget } from './listen-target.ts';
import { type Micros, toWireTimestamp } from './micros.ts';
import { resumePoint, toResumeToken } from './resume-token.ts';
import type { WireTimestamp } from './value.ts';

interface ListenRequest {
  readonly database: string;
  readonly addTarget?: WireTarget;
  readonly removeTarget?: number;
}

interface TargetChange {
  readonly targetChangeType: 'NO_CHANGE' | 'ADD' | 'REMOVE' | 'CURRENT' | 'RESET';
  readonly targetIds: readonly number[];
  readonly cause?: { readonly code: number; readonly message: string };
  readonly resumeToken?: Uint8Array;
  readonly readTime?: WireTimestamp;
}

type ListenResponse = { readonly targetChange: TargetChange } | DocumentNews;

/** Clients start a stream again that was silent for two minutes; Google speaks up about this often. */
const heartbeatMs = 30_000;

/**
 * One Listen call. A target goes: ADD, its documents, CURRENT; then, for each commit that concerns it, what changed. Each
 * time the stream as a whole stands at one state of the database it says so with a NO_CHANGE that has no target ids.
 * Everything for one commit is sent in the turn of that commit, so no state is left out and none is seen in part.
 */
class ListenStream {
  readonly #database: Database;
  readonly #send: (response: ListenResponse) => void;
  readonly #targets = new Map<number, ListenTarget>();
  #assignedId = 0;

  constructor(database: Database, send: (response: ListenResponse) => void) {
    this.#database = database;
    this.#send = send;
  }

  add(request: WireTarget): void {
    const id = request.targetId === 0 ? this.#nextId() : request.targetId;
    try {
      if (id < 0) throw invalidArgument(`target_id must be a positive number, not ${id}.`);
      if (request.targetId !== 0 && this.#assignedId > 0) {
        throw invalidArgument(`target_id must stay 0 on a stream whose targets began without ids, not ${id}.`);
      }
      if (this.#targets.has(id)) throw invalidArgument(`Target id ${id} is already in use on this stream.`);
      const target = createTarget(this.#database, request, id);
      this.#start(target, request);
    } catch (error) {
      const { code = 13, details = '' } = toServiceError(error);
      this.#sendChange({ targetChangeType: 'REMOVE', targetIds: [id], cause: { code, message: details } });
      return;
    }
    if (request.once) this.remove(id);
  }

  remove(id: number): void {
    if (this.#targets.delete(id)) this.#sendChange({ targetChangeType: 'REMOVE', targetIds: [id] });
  }

  follow(changes: readonly DocumentChange[], time: Micros): void {
    let hasNews = false;
    for (const target of this.#targets.values()) {
      for (const news of target.follow(changes, time)) {
        hasNews = true;
        this.#send(news);
      }
    }
    if (hasNews) this.sendConsistent(time);
  }

  /** Says that all targets are at the state of this time. */
  sendConsistent(time: Micros): void {
    this.#sendChange({ targetChangeType: 'NO_CHANGE', targetIds: [], ...this.#position(time) });
  }

  #start(target: ListenTarget, request: WireTarget): void {
    const resume = resumePoint(this.#database, request);
    const now = this.#database.readTime();
    const news = target.start(resume.kind === 'since' ? resume.time : undefined, now);
    this.#targets.set(target.id, target);
    const targetIds = [target.id];
    this.#sendChange({ targetChangeType: 'ADD', targetIds });
    if (resume.kind === 'reset') this.#sendChange({ targetChangeType: 'RESET', targetIds });
    for (const each of news) this.#send(each);
    this.#sendChange({ targetChangeType: 'CURRENT', targetIds, ...this.#position(now) });
    this.sendConsistent(now);
  }

  #position(time: Micros): Pick<TargetChange, 'resumeToken' | 'readTime'> {
    return { resumeToken: toResumeToken(this.#database, time), readTime: toWireTimestamp(time) };
  }

  #sendChange(targetChange: TargetChange): void {
    this.#send({ targetChange });
  }

  #nextId(): number {
    do this.#assignedId++;
    while (this.#targets.has(this.#assignedId));
    return this.#assignedId;
  }
}

/** Serves Listen calls until their clients end them. */
export function listenHandler(
  databases: Databases,
  clock: Clock,
): grpc.handleBidiStreamingCall<ListenRequest, ListenResponse> {
  return (call) => {
    let stop: (() => void) | undefined;
    let stream: ListenStream | undefined;
    const end = () => {
      stop?.();
      stop = undefined;
      stream = undefined;
    };
    const start = (database: Database) => {
      const started = new ListenStream(database, (response) => {
        call.write(response);
      });
      const stopCommits = database.onCommit((changes, time) => started.follow(changes, time));
      const stopHeartbeat = repeat(clock, heartbeatMs, () => started.sendConsistent(database.readTime()));
      stop = () => {
        stopCommits();
        stopHeartbeat();
      };
      return started;
    };
    call.on('data', (request: ListenRequest) => {
      try {
        stream ??= start(databases.get(request.database));
        if (request.addTarget) stream.add(request.addTarget);
        else if (request.removeTarget !== undefined) stream.remove(request.removeTarget);
        else throw invalidArgument('A ListenRequest needs add_target or remove_target.');
      } catch (error) {
        end();
        call.emit('error', toServiceError(error));
      }
    });
    call.on('end', () => {
      end();
      call.end();
    });
    call.on('cancelled', end);
    call.on('close', end);
  };
}

/** Calls back again and again until the returned function is called. */
function repeat(clock: Clock, everyMs: number, callback: () => void): () => void {
  let cancel = () => {};
  const arm = () => {
    cancel = clock.after(everyMs, () => {
      arm();
      callback();
    });
  };
  arm();
  return () => cancel();
}
