import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { noCause, Stops } from '../../executor/stops.ts';
import { cancellation, never } from './support/command-bench.ts';

const calls: string[] = [];
const running = {
  ended: new Promise<never>(() => {}),
  processes: () => [],
  terminate: async (graceMs: number) => void calls.push(`terminate within ${graceMs}`),
  kill: () => void calls.push('kill'),
};
const timedOut = { limit: 'cpu-time', limitMs: 5, evidence: 'used up' } as const;
const wallTime = { limit: 'wall-time', limitMs: 1000, evidence: 'the command still ran after 1000 ms' };
const diskFull = { limit: 'workspaceMb', evidence: 'too much' } as const;

let stops: Stops;
let hasExited: boolean;
let request: ReturnType<typeof cancellation>;
beforeEach(() => {
  jest.useFakeTimers();
  calls.length = 0;
  hasExited = false;
  stops = new Stops();
  request = cancellation({ by: 'request' });
});
afterEach(() => {
  stops.close();
  jest.useRealTimers();
});

const watch = (fenced = never) =>
  stops.watch(running, {
    ...{ timeoutMs: 1000, graceMs: 300, cancelled: request.signal, fenced },
    hasExited: () => hasExited,
  });

/** What can end a command, what is done for it and what is told of it. */
const causes = [
  ['its time is over', () => jest.advanceTimersByTime(1000), 'terminate within 300', { timedOut: wallTime }],
  ['another time is over', () => stops.timeOut(timedOut), 'terminate within 300', { timedOut }],
  ['it is cancelled', () => request.cancel(), 'terminate within 300', { cancelled: { by: 'request' } }],
  ['it writes too much', () => stops.stopAtOutputLimit(7), 'kill', { outputLimitBytes: 7 }],
  ['the disk is full', () => stops.endAtOnce({ diskFull }), 'kill', { diskFull }],
  ['memory is used up', () => stops.endAtOnce({ outOfMemory: 'polled' }), 'kill', { outOfMemory: 'polled' }],
] as const;

describe('a command', () => {
  it.each(causes)('is ended when %s, and that is told', (_when, happen, done, cause) => {
    watch();
    happen();
    expect([calls, stops.cause()]).toEqual([[done], { ...noCause, ...cause }]);
  });

  it.each(
    causes.flatMap(([when, happen, , cause]) =>
      causes
        .filter(([other]) => other !== when)
        .map(([other, then]) => [when, other, { happen, cause, then }] as const),
    ),
  )('is told to have ended for what came first: %s, %s', (_when, _other, { happen, cause, then }) => {
    watch();
    happen();
    then();
    expect(stops.cause()).toEqual({ ...noCause, ...cause });
  });

  it.each(
    causes.filter(([when]) => when !== 'it writes too much').map(([when, happen]) => [when, happen] as const),
  )('that has exited was not ended by it, though nobody had heard of its exit: %s', (_when, happen) => {
    watch();
    hasExited = true;
    happen();
    expect([calls, stops.cause()]).toEqual([[], noCause]);
  });

  it('that has exited had written too much all the same', () => {
    watch();
    hasExited = true;
    stops.stopAtOutputLimit(7);
    expect(stops.cause()).toEqual({ ...noCause, outputLimitBytes: 7 });
  });

  it('that writes too much before it is watched is ended when it is', () => {
    stops.stopAtOutputLimit(7);
    watch();
    expect(calls).toEqual(['kill']);
  });

  it('gets its grace once: a second cause does not begin it anew', () => {
    watch();
    request.cancel();
    jest.advanceTimersByTime(1000);
    expect(calls).toEqual(['terminate within 300']);
  });

  it('whose lease is lost is killed without a cause', () => {
    const fence = new AbortController();
    watch(fence.signal);
    fence.abort(new Error('lost'));
    expect([calls, stops.cause()]).toEqual([['kill'], noCause]);
  });
});
