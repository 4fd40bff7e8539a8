import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { act, actions, numberedSession } from './actions.ts';
import { findMortal, findUnowed } from './find-unowed.ts';
import { createPipelineModel, type PipelineModel } from './pipeline-model.ts';

/*
 * Histories of the pipeline: the real handlers, with everything around them going wrong in every order. A failure prints
 * the seed and the shortest history that fails; MODEL_SEED and MODEL_PATH replay it, MODEL_RUNS asks for more.
 */
const seed = Number(process.env.MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const path = process.env.MODEL_PATH;
const numRuns = Number(process.env.MODEL_RUNS ?? 10_000);

const maxRounds = 300;

/** Lets everything that is under way come to its end, with nothing going wrong any more. */
async function comeToRest(model: PipelineModel): Promise<void> {
  const { pending, jobs, records } = model;
  for (let round = 0; round < maxRounds; round += 1) {
    model.publish('sweep', { requestedAt: new Date(0).toISOString() });
    for (let left = pending.length; left > 0; left -= 1) await model.deliver(0);
    for (let left = jobs.length * 3; left > 0; left -= 1) await model.stepJob(0);
    const isAnyoneWaiting = [...records.sessions.values()].some(({ waiting, gapEndsAt }) => waiting ?? gapEndsAt);
    const [owed, untold] = await Promise.all([
      records.findOwedEnds(Number.POSITIVE_INFINITY, 1),
      records.findOwed(Number.POSITIVE_INFINITY, 1),
    ]);
    const isOwed = owed.length > 0 || untold.length > 0;
    if (pending.length + jobs.length + records.leases.size === 0 && !isAnyoneWaiting && !isOwed) return;
    model.passTime(500);
  }
}

/** What is wrong once all is at rest. */
function findWrongs(
  { records, effects, notified, pending, lateLaunches }: PipelineModel,
  asked: readonly ExecRequest[],
) {
  const { executions, sessions, leases, changedEnds } = records;
  const runsOf = (id: string) => effects.filter((effect) => effect === id).length;
  const ofRequests = asked.flatMap(({ executionId, retry }) => {
    const execution = executions.get(executionId);
    const runs = runsOf(executionId);
    const end = execution?.state === 'finished' ? execution.result.outcome.kind : null;
    const most = retry?.maxGenerations ?? 1;
    return [
      ...(end === null ? [`${executionId} is ${execution?.state ?? 'lost'}`] : []),
      ...(runs > most ? [`${executionId} ran ${runs} times, ${most} were allowed`] : []),
      ...((execution?.starts ?? 0) > most ? [`${executionId} was claimed ${execution?.starts} times`] : []),
      ...(end === 'exited' && runs === 0 ? [`${executionId} is said to have run`] : []),
      ...((end === 'rejected' || end === 'launch-failed') && runs > 0 ? [`${executionId} ran and is ${end}`] : []),
      ...(end !== null && !notified.has(executionId) ? [`nobody was told of ${executionId}`] : []),
    ];
  });
  return [
    ...ofRequests,
    ...changedEnds.map((id) => `${id} ended twice`),
    ...lateLaunches.map((id) => `${id} was launched after it had expired`),
    ...[...sessions.values()]
      .filter(({ expireAt }) => expireAt === undefined)
      .map(({ sessionId }) => `${sessionId} is kept for ever`),
    ...[...leases.keys()].map((id) => `lease ${id} is left`),
    ...[...sessions.values()]
      .filter(({ active, queued }) => active !== null || queued.length > 0)
      .map(({ sessionId }) => `${sessionId} still waits`),
    ...pending.map(({ topic, body }) => `undeliverable in ${topic}: ${JSON.stringify(body)}`),
    ...[...sessions.keys()].flatMap((sessionId) => findOvertaking(sessionId, records.executions, effects)),
  ];
}

/**
 * Executions whose command began after the one of a later execution of the session had begun. One that was given up may
 * have begun late: when clocks jump, its executor is silent for the services while it still holds its lease for itself.
 */
function findOvertaking(
  sessionId: string,
  executions: PipelineModel['records']['executions'],
  effects: readonly string[],
): readonly string[] {
  const begun = [...executions.values()]
    .filter(
      (execution) =>
        execution.sessionId === sessionId && sessionId !== numberedSession && effects.includes(execution.executionId),
    )
    .filter((execution) => execution.state === 'finished' && execution.result.outcome.kind === 'exited')
    .toSorted((a, b) => effects.indexOf(a.executionId) - effects.indexOf(b.executionId));
  return begun
    .filter(({ seq }, n) => begun.slice(0, n).some((earlier) => earlier.seq > seq))
    .map(({ executionId }) => `${executionId} was overtaken`);
}

describe(`the pipeline under duplicates, reordering, lost acks, deaths, dead letters, clock jumps and cancels (seed ${seed})`, () => {
  it('ends each execution once, runs none too often, keeps the order of a session, looks after everything at any time, and leaves nothing waiting', async () => {
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(actions, fc.integer({ min: 1, max: 3 }), async (history, maxLaunches) => {
        const model = createPipelineModel(maxLaunches);
        const asked: ExecRequest[] = [];
        for (const action of history) {
          await act(action, model, asked);
          expect([...findUnowed(model.records), ...findMortal(model.records)]).toEqual([]);
        }
        await comeToRest(model);
        expect(findWrongs(model, asked)).toEqual([]);
        ended += asked.length;
      }),
      { seed, numRuns, ...(path !== undefined && { path }) },
    );
    expect(ended).toBeGreaterThan(path === undefined ? numRuns : 0);
  }, 300_000);
});
