import { describe, expect, it } from '@jest/globals';
import { captureDeadLetter } from '../../dead-letter/capture.ts';
import { handleRequest } from '../../dispatcher/handle.ts';
import { handleControl } from '../../dispatcher/handle-control.ts';
import { handleWakeUp } from '../../dispatcher/handle-wake-up.ts';
import { baseOf } from '../../execution/launch.ts';
import { endWithoutExecutor } from '../../execution/synthetic-event.ts';
import type { DeploymentLimits } from '../../execution/tenant-limits.ts';
import { handleResult } from '../../result-collector/handle.ts';
import { handleSweep } from '../../result-collector/sweep.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { createCollectorWorld, goodSignature } from '../support/collector-world.ts';
import { createDeadLetterWorld, deadLetterPolicy, forwardedFrom } from '../support/dead-letter-world.ts';
import { aDelivery, createDispatcherWorld, dispatchPolicy } from '../support/dispatcher-world.ts';
import { retentionMs, t0 } from '../support/records.ts';
import { freshIds, useRecordsStore } from '../support/records-store.ts';

const records = useRecordsStore();

const exited = { kind: 'exited', exitCode: 0 } as const;
const none = { maxRunning: 0, startsPerMinute: 0 };
const noCapacity = { total: none, tenant: { ...none, weight: 1, maxQueued: 9 } };

/** One execution, and what may happen to it. Completion events wait until `rest`. */
function aStory(fields: Partial<ExecRequest> = {}, limits?: DeploymentLimits) {
  const ids = freshIds();
  const request: ExecRequest = { ...ids, command: 'x', ...fields };
  const dispatcher = createDispatcherWorld(records(), limits);
  const deadLetters = createDeadLetterWorld(records());
  const collector = createCollectorWorld(records(), t0 + 1_000_000);
  const ask = (asked: ExecRequest) => handleRequest(aDelivery(asked), dispatcher.ports, dispatchPolicy);
  const giveUp = (from: string, message: unknown) =>
    captureDeadLetter(
      aDelivery(message, { messageId: crypto.randomUUID(), attributes: forwardedFrom(from) }),
      deadLetters.ports,
      deadLetterPolicy,
    );
  const action = { kind: 'cancel', executionId: ids.executionId, reason: 'enough' };
  return {
    ...{ ids, dispatcher },
    accept: () => ask(request),
    /** Another execution of the session comes first. */
    keepBusy: () => ask({ ...ids, executionId: `${ids.executionId}-first`, command: 'x' }),
    cancel: () => handleControl(aDelivery({ sessionId: ids.sessionId, action }), dispatcher.ports, dispatchPolicy),
    /** The cancellation is decided, its event is lost, and Pub/Sub gives the message up. */
    async cancelInVain() {
      const publishCompletion = () => Promise.reject(new Error('no topic'));
      const delivery = aDelivery({ sessionId: ids.sessionId, action });
      await handleControl(delivery, { ...dispatcher.ports, publishCompletion }, dispatchPolicy).catch(() => {});
      await giveUp('exec-control-dispatcher', { sessionId: ids.sessionId, action });
    },
    giveUpRequest: () => giveUp('exec-requests-dispatcher', request),
    giveUpWakeUp: () => giveUp('exec-wakeups-dispatcher', { ...ids, reason: 'next-in-session' }),
    wake: () => handleWakeUp(aDelivery({ ...ids, reason: 'turn' }), dispatcher.ports, dispatchPolicy),
    claim: () => dispatcher.startJobs(1),
    /** Its executor tells that its command exited. */
    async exit() {
      await records().store.transact({ executionId: ids.executionId }, ({ execution }) => {
        const launch = execution?.state === 'running' ? execution.launch : null;
        dispatcher.completions.push(endWithoutExecutor(execution!, launch, exited, new Date(t0).toISOString()));
        return {};
      });
    },
    /** Sweeps and collects; resolves with how the execution ended, as it is stored and as it was told. */
    async rest() {
      await handleSweep(aDelivery({}), collector.ports);
      const events = [dispatcher, deadLetters, collector].flatMap(({ completions }) => completions);
      for (const event of events.filter((one) => one.sessionId === ids.sessionId)) {
        await handleResult(aDelivery(event, { attributes: { signature: goodSignature } }), collector.ports, {
          retentionMs,
        });
      }
      const record = await records().reader.getExecution(ids.executionId);
      const told = collector.notifications.filter((one) => one.executionId === ids.executionId);
      const ends = new Set(told.map(({ status, finishedAt }) => `${status} ${finishedAt}`));
      const session = await records().reader.getSession(ids.sessionId);
      return {
        stored: record?.state === 'finished' ? record.result.outcome : record?.state,
        ends: ends.size,
        isStuck: session?.active === ids.executionId || session?.queued.includes(ids.executionId) === true,
      };
    },
  };
}
type Story = ReturnType<typeof aStory>;
type Step = Exclude<keyof Story, 'ids' | 'dispatcher' | 'rest'>;

async function play(steps: readonly Step[], fields: Partial<ExecRequest> = {}) {
  const story = aStory(fields);
  for (const step of steps) await story[step]();
  return await story.rest();
}

const cancelled = { kind: 'cancelled', by: 'request', reason: 'enough' };
const undeliverable = { kind: 'rejected', code: 'request/undeliverable' };
const neverLaunched = { kind: 'launch-failed', code: 'delivery/exhausted' };

describe('a cancellation and a dead letter that cross', () => {
  it.each<[string, readonly Step[], object]>([
    [
      'cancelled in the queue, then its request is given up',
      ['keepBusy', 'accept', 'cancel', 'giveUpRequest'],
      cancelled,
    ],
    [
      'its request was given up after it was accepted, then it is cancelled',
      ['keepBusy', 'accept', 'giveUpRequest', 'cancel'],
      cancelled,
    ],
    ['its request was given up and never accepted, then it is cancelled', ['giveUpRequest', 'cancel'], undeliverable],
    ['cancelled before it was accepted, then its request is given up', ['cancel', 'giveUpRequest'], undeliverable],
    ['cancelled while it is launching, then its request is given up', ['accept', 'cancel', 'giveUpRequest'], cancelled],
    [
      'its request is given up while it is launching, then it is cancelled',
      ['accept', 'giveUpRequest', 'cancel'],
      cancelled,
    ],
    ['cancelled twice, and given up between', ['keepBusy', 'accept', 'cancel', 'giveUpRequest', 'cancel'], cancelled],
  ])('%s: it has one end, and is not stuck', async (_what, steps, outcome) => {
    expect(await play(steps)).toMatchObject({ stored: outcome, ends: 1, isStuck: false });
  });

  it.each<[string, readonly Step[], object]>([
    ['first', ['cancel', 'giveUpWakeUp'], cancelled],
    ['second', ['giveUpWakeUp', 'cancel'], neverLaunched],
  ])('where the wake-up of its turn is given up: who comes first says how it ends (cancelled %s)', async (_what, steps, outcome) => {
    const story = aStory();
    await story.accept();
    await makeItsTurn(story.ids);
    for (const step of steps) await story[step]();
    // A delivery of the wake-up that was still handled launches nothing.
    await story.wake();
    expect(story.dispatcher.launches).toHaveLength(1);
    expect(await story.rest()).toMatchObject({ stored: outcome, ends: 1, isStuck: false });
  });
});

/** As it is between the end of the one before and its own wake-up. */
async function makeItsTurn(ids: { readonly executionId: string; readonly sessionId: string }): Promise<void> {
  await records().store.transact(ids, ({ execution, session }) => ({
    writes: {
      execution: { ...baseOf(execution!), state: 'queued' },
      session: { ...session!, active: ids.executionId },
    },
  }));
}

describe('a cancellation whose event is lost and whose message is given up', () => {
  it.each<[string, readonly Step[], Partial<ExecRequest>]>([
    ['waits in the queue', ['keepBusy', 'accept'], {}],
    ['waits for lower numbers', ['accept'], { sequence: 7 }],
    ['is launching', ['accept'], {}],
  ])('still ends what %s', async (_what, steps, fields) => {
    const story = aStory(fields);
    for (const step of steps) await story[step]();
    await story.cancelInVain();
    story.dispatcher.advance(dispatchPolicy.claimGraceMs);
    // What the sweeper does about a claim that never came; the others owe their end.
    await story.wake();
    expect(await story.rest()).toMatchObject({ stored: cancelled, ends: 1, isStuck: false });
  });

  it('still ends what waits for capacity', async () => {
    const story = aStory({}, noCapacity);
    await story.accept();
    await story.cancelInVain();
    // A turn that was on its way launches nothing.
    await story.wake();
    expect(story.dispatcher.launches).toEqual([]);
    expect(await story.rest()).toMatchObject({ stored: cancelled, ends: 1, isStuck: false });
  });

  it('leaves what has exited meanwhile as it ended', async () => {
    expect(await play(['accept', 'claim', 'exit', 'cancelInVain'])).toMatchObject({ stored: exited, ends: 1 });
  });

  it('ends what runs when its executor goes silent', async () => {
    expect(await play(['accept', 'claim', 'cancelInVain'])).toMatchObject({
      stored: cancelled,
      ends: 1,
      isStuck: false,
    });
  });

  it('of a finished execution changes nothing', async () => {
    const story = aStory();
    await story.giveUpRequest();
    const before = await story.rest();
    await story.cancelInVain();
    expect(await story.rest()).toEqual(before);
  });
});
