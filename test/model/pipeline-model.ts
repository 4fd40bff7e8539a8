import { endGivenUp } from '../../dead-letter/end-given-up.ts';
import type { DeadLetterPorts } from '../../dead-letter/ports.ts';
import { handleRequest } from '../../dispatcher/handle.ts';
import { handleControl } from '../../dispatcher/handle-control.ts';
import { handleSweep as sweepGaps } from '../../dispatcher/handle-sweep.ts';
import { handleWakeUp } from '../../dispatcher/handle-wake-up.ts';
import type { DispatcherPorts } from '../../dispatcher/ports.ts';
import type { Delivery, Disposition } from '../../execution/delivery.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { handleResult } from '../../result-collector/handle.ts';
import type { CollectorPorts, SweeperPorts } from '../../result-collector/ports.ts';
import { handleSweep } from '../../result-collector/sweep.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import { crashAfterCall } from '../support/crashing-ports.ts';
import { aDelivery, dispatchPolicy } from '../support/dispatcher-world.ts';
import { retentionMs, t0 } from '../support/records.ts';
import { type ModelJob, startModelJob } from './executor-model.ts';
import { createMemoryRecords, type MemoryRecords } from './memory-records.ts';

type Topic = 'requests' | 'control' | 'wakeups' | 'results' | 'sweep';

interface Message {
  readonly topic: Topic;
  readonly body: unknown;
}

/** What may go wrong with one delivery. */
export interface DeliveryFault {
  /** The service dies after this many calls; null: it lives. */
  readonly diesAfter: number | null;
  /** It is handled, but Pub/Sub does not learn of it. */
  readonly losesAck: boolean;
  /** How the launcher answers, where it is asked: it may refuse for good or for now although a job has started. */
  readonly launch: 'started' | 'refused' | 'quota' | 'unavailable' | 'started-and-refused' | 'started-and-unavailable';
}

export const noFault: DeliveryFault = { diesAfter: null, losesAck: false, launch: 'started' };

export interface PipelineModel {
  readonly records: MemoryRecords;
  /** Execution ids in the order in which their commands took effect. */
  readonly effects: readonly string[];
  readonly notified: ReadonlySet<string>;
  readonly deadLetters: readonly string[];
  readonly pending: readonly Message[];
  readonly jobs: readonly ModelJob[];
  /** First launches that were asked for after their request had expired. */
  readonly lateLaunches: readonly string[];
  /** By the clock of the services. */
  now(): number;
  publish(topic: Topic, body: unknown): void;
  /** Delivers one of the pending messages, whichever. */
  deliver(n: number, fault?: DeliveryFault): Promise<void>;
  /**
   * Has Pub/Sub give up one of the pending messages: it is delivered no more, and is a dead letter. One of the services dies
   * after `diesAfter` calls while it is captured; then the dead letter is captured again.
   */
  giveUp(n: number, diesAfter: number | null): Promise<void>;
  /** One more step of a job; it goes away when it has no more. */
  stepJob(n: number): Promise<void>;
  heartbeat(n: number): Promise<void>;
  killJob(n: number): void;
  /** Starts a second job for the lease of one. */
  doubleJob(n: number): void;
  /** For everybody. */
  passTime(ms: number): void;
  /** Sets the clock of the services ahead, or back. */
  jumpClock(ms: number): void;
}

const keys = { leaseKey: 'l'.repeat(43), resultKey: 'r'.repeat(43) };
const leasePolicy = { leaseMs: 1000, heartbeatMs: 300, urlMs: 60_000, ...keys };
const uncounted = [
  'now',
  'newId',
  'isSigned',
  'inspectJob',
  'findExpiredLeases',
  'findOwedEnds',
  'isEndDue',
  'wantTurns',
] as const;

/** The real handlers over records in memory, with a Pub/Sub that delivers in any order and executors that go step by step. */
export function createPipelineModel(maxLaunches: number): PipelineModel {
  const policy = { ...dispatchPolicy, maxLaunches };
  const records = createMemoryRecords();
  const effects: string[] = [];
  const notified = new Set<string>();
  const deadLetters: string[] = [];
  const pending: Message[] = [];
  const jobs: ModelJob[] = [];
  const lateLaunches: string[] = [];
  let elapsed = 0;
  let setAhead = 0;
  let ids = 0;
  let launcher: DeliveryFault['launch'] = 'started';
  const now = () => t0 + elapsed + setAhead;
  const newId = () => `id-${(ids++).toString().padStart(20, '0')}`;
  const publish = (topic: Topic, body: unknown) => void pending.push({ topic, body });
  const publishCompletion = async (event: CompletionEvent) => publish('results', event);
  const signUrl = async () => ({ url: 'http://none', headers: {} });
  const startJob = (leaseId: string) =>
    jobs.push(
      startModelJob(leaseId, newId(), {
        ports: { transact: records.transact, signRead: signUrl, signWrite: signUrl, keepObject: async () => true, now },
        policy: leasePolicy,
        elapsed: () => elapsed,
        run: (executionId) => effects.push(executionId),
        publish: (event) => publish('results', event),
      }),
    );
  const deadLetter = async (_delivery: Delivery, code: string) => void deadLetters.push(code);
  const dispatcher: DispatcherPorts = {
    transact: records.transact,
    launch: async ({ launch, executionId, expiresAt = Number.POSITIVE_INFINITY, starts }) => {
      if (starts === 0 && now() >= expiresAt) lateLaunches.push(executionId);
      if (launcher.startsWith('started')) startJob(launch.leaseId);
      if (launcher === 'quota') throw new PipelineError('launch/quota', 'full');
      if (launcher.endsWith('refused')) throw new PipelineError('launch/refused', 'no');
      if (launcher.endsWith('unavailable')) throw new PipelineError('launch/unavailable', 'not now');
    },
    storeRequest: () => Promise.reject(new Error('no request of a model is large')),
    findEndedGaps: records.findEndedGaps,
    roomFor: async () => ({ mayStart: true, queued: 0, maxQueued: 1, taken() {}, waits() {}, released() {} }),
    readTenant: async () => null,
    refused() {},
    wantTurns() {},
    wake: async (wakeUp) => publish('wakeups', wakeUp),
    ...{ publishCompletion, deadLetter, now, newId },
  };
  const collector: CollectorPorts & SweeperPorts = {
    transact: records.transact,
    ...{ findExpiredLeases: records.findExpiredLeases, findOwedEnds: records.findOwedEnds, isEndDue: () => true },
    ...{ findOwed: records.findOwed, settle: records.settle },
    isAnyoneWaiting: async () => false,
    findWebhooks: async () => [],
    publishWebhook: async () => {},
    isSigned: () => true,
    notify: async ({ executionId }) => void notified.add(executionId),
    wake: async (wakeUp) => publish('wakeups', wakeUp),
    inspectJob: async () => ({ kind: 'unknown' }),
    ...{ publishCompletion, deadLetter, now },
  };
  const capturing: Pick<DeadLetterPorts, 'transactExecution' | 'writeObject' | 'publishCompletion' | 'now'> = {
    transactExecution: records.transact,
    writeObject: () => Promise.reject(new Error('no request of a model is large')),
    ...{ publishCompletion, now },
  };
  const handlers: Readonly<
    Record<Topic, (delivery: Delivery, dispatch: DispatcherPorts, collect: typeof collector) => Promise<Disposition>>
  > = {
    requests: (delivery, ports) => handleRequest(delivery, ports, dispatchPolicy),
    control: (delivery, ports) => handleControl(delivery, ports, dispatchPolicy),
    wakeups: (delivery, ports) => handleWakeUp(delivery, ports, policy),
    results: (delivery, _, ports) => handleResult(delivery, ports, { retentionMs }),
    sweep: async (delivery, dispatch, ports) => {
      giveTurns();
      await sweepGaps(dispatch);
      return await handleSweep(delivery, ports);
    },
  };
  /** There is room for all that wait. */
  const giveTurns = () => {
    for (const { sessionId, waiting } of records.sessions.values()) {
      if (waiting) publish('wakeups', { sessionId, executionId: waiting.executionId, reason: 'turn' });
    }
  };
  const at = <T>(list: readonly T[], n: number): number => (list.length === 0 ? -1 : n % list.length);

  return {
    ...{ records, effects, notified, deadLetters, pending, jobs, lateLaunches, publish, now },
    async deliver(n, { diesAfter, losesAck, launch } = noFault) {
      launcher = launch;
      const [message] = pending.splice(at(pending, n), pending.length === 0 ? 0 : 1);
      if (message === undefined) return;
      const ports = <P extends object>(of: P) =>
        diesAfter === null ? of : crashAfterCall(of, diesAfter, uncounted as unknown as readonly (keyof P)[]);
      const { topic, body } = message;
      const disposition = await handlers[topic](aDelivery(body), ports(dispatcher), ports(collector)).catch(() => null);
      if (disposition?.kind !== 'ack' || losesAck) pending.push(message);
    },
    async giveUp(n, diesAfter) {
      const [message] = pending.splice(at(pending, n), pending.length === 0 ? 0 : 1);
      if (message === undefined) return;
      const source = {
        topic: message.topic,
        subscription: message.topic,
        messageId: newId(),
        publishTime: new Date(now()).toISOString(),
      };
      const deadLetter = { deadLetterId: newId(), code: 'delivery/exhausted', source, attributes: {} };
      const data = Buffer.from(JSON.stringify(message.body));
      const topics = { requestsTopic: 'requests', wakeUpsTopic: 'wakeups' };
      const end = (ports: typeof capturing) => endGivenUp(deadLetter, data, ports, topics);
      if (diesAfter !== null) await end(crashAfterCall(capturing, diesAfter, ['now'])).catch(() => {});
      await end(capturing);
    },
    async stepJob(n) {
      const job = jobs[at(jobs, n)];
      if (job === undefined) return;
      if (!(await job.step())) jobs.splice(jobs.indexOf(job), 1);
    },
    heartbeat: async (n) => await jobs[at(jobs, n)]?.heartbeat(),
    killJob: (n) => void (jobs.length > 0 && jobs.splice(at(jobs, n), 1)),
    doubleJob(n) {
      const job = jobs[at(jobs, n)];
      if (job !== undefined) startJob(job.leaseId);
    },
    passTime(ms) {
      elapsed += ms;
    },
    jumpClock(ms) {
      setAhead += ms;
    },
  };
}
