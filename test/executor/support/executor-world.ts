import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { CompletionEvent } from '../../../schemas/generated/messages.ts';
import { type Census, startCensus, whatIsLeft } from '../../support/census.ts';
import {
  type ExecutorOptions,
  type ExecutorProcess,
  type Publications,
  startExecutor,
  startPublications,
} from './executor-run.ts';
import { type AssignmentOptions, aGrant, type LeaseApi, startLeaseApi } from './lease-api.ts';

export interface RunOptions extends AssignmentOptions, ExecutorOptions {
  /** Prepares the other side before the executor starts. */
  readonly direct?: (api: LeaseApi) => void;
  /** The other side of an earlier run, with what it stored. */
  readonly api?: LeaseApi;
}

export interface StartedRun {
  readonly api: LeaseApi;
  readonly executor: ExecutorProcess;
  readonly executionId: string;
  readonly event: () => Promise<CompletionEvent>;
}

export interface FinishedRun {
  readonly api: LeaseApi;
  readonly event: CompletionEvent;
  readonly executionId: string;
  readonly code: number | null;
  readonly log: string;
  readonly leftovers: readonly string[];
}

export interface ExecutorWorld {
  readonly publications: () => Publications;
  /** Starts the real program for one assignment. */
  start(options: RunOptions): Promise<StartedRun>;
  /** Starts it and waits for its completion event and its end. */
  run(options: RunOptions): Promise<FinishedRun>;
}

/** What surrounds executors in the tests of a file: Pub/Sub, and a lease API for each. */
export function useExecutors(): ExecutorWorld {
  let publications: Publications;
  let census: Census;
  let count = 0;
  const closers: (() => void | Promise<void>)[] = [];
  beforeAll(async () => {
    publications = await startPublications();
    census = startCensus(publications.env.PUBSUB_EMULATOR_HOST ?? '');
  });
  afterEach(async () => {
    census.observe();
    for (const close of closers.splice(0)) await close();
  });
  afterAll(async () => {
    await publications.close();
    expect(await whatIsLeft(census)).toEqual([]);
  });

  async function start(options: RunOptions): Promise<StartedRun> {
    count += 1;
    const executionId = `e-${count}`;
    const makeGrant = () => aGrant({ ...options, request: { executionId, ...options.request } });
    const api = options.api ?? (await startLeaseApi(makeGrant));
    if (options.api !== undefined) options.api.grant = makeGrant;
    options.direct?.(api);
    const executor = startExecutor(api, publications, options);
    census.note(executor.pid);
    closers.push(
      () => executor.kill('SIGKILL'),
      async () => void (await executor.ended),
      () => void executor.leftovers(),
      api.close,
    );
    return { api, executor, executionId, event: () => publications.completionOf(executionId) };
  }

  return {
    publications: () => publications,
    start,
    async run(options) {
      const { api, executor, executionId, event } = await start(options);
      const { code, log } = await executor.ended;
      return { api, executionId, event: await event(), code, log, leftovers: executor.leftovers() };
    },
  };
}
