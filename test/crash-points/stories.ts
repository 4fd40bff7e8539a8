import { randomUUID } from 'node:crypto';
import { topics } from '../../infra/topology.ts';
import { until } from '../support/until.ts';
import type { CrashWorld } from './crash-world.ts';

/** Something that happens in a session of its own, in which a process may die. */
export interface Story {
  /** Before the process can die. */
  prepare?(world: CrashWorld, session: string): Promise<void>;
  play(world: CrashWorld, session: string): Promise<void>;
  /** What must be true in the end; it is asked again until nothing is wrong. */
  wrongs(world: CrashWorld, session: string): Promise<readonly string[]>;
}

const settleMs = 60_000;

export const freshSession = () => `s-${randomUUID().slice(0, 8)}`;

export const send = (
  { publisher }: CrashWorld,
  topic: string,
  message: object | string,
  orderingKey?: string,
): Promise<string> =>
  publisher.publish(topic, {
    data: Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
    attributes: {},
    ...(orderingKey !== undefined && { orderingKey }),
  });

/** Asks for a command that counts itself. */
export const ask = (world: CrashWorld, sessionId: string, name: string, then = 'true'): Promise<string> => {
  const executionId = `${sessionId}-${name}`;
  const command = `echo ${executionId} >> ${world.counter}; ${then}`;
  return send(world, topics.requests, { executionId, sessionId, command }, sessionId);
};

/**
 * What is wrong with a session in the end: each execution has ended once and ran at most once, the last of them, asked
 * for when all was over, ran; nobody holds a lease and nobody waits.
 */
export async function sessionWrongs(world: CrashWorld, sessionId: string, names: readonly string[]) {
  const { executions, sessions, leases } = await world.stored();
  const effects = world.effects();
  const runsOf = (id: string) => effects.filter((effect) => effect === id).length;
  const session = sessions.find((one) => one.sessionId === sessionId);
  return [
    ...names.flatMap((name) => {
      const executionId = `${sessionId}-${name}`;
      const execution = executions.find((one) => one.executionId === executionId);
      const outcome = execution?.state === 'finished' ? execution.result.outcome.kind : null;
      const runs = runsOf(executionId);
      return [
        ...(outcome === null ? [`${name} is ${execution?.state ?? 'unknown'}`] : []),
        ...(runs > 1 ? [`${name} ran ${runs} times`] : []),
        ...(outcome === 'exited' && runs === 0 ? [`${name} is said to have run`] : []),
      ];
    }),
    ...(session?.active === null && session.queued.length === 0 ? [] : ['the session still waits']),
    ...leases.filter((lease) => lease.sessionId === sessionId).map(({ leaseId }) => `lease ${leaseId} is left`),
  ];
}

/** Waits until nothing is wrong; what still is when the time is over. */
export async function settledWrongs(ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  let wrongs: readonly string[] = [];
  const isRight = async () => {
    wrongs = await ask();
    return wrongs.length === 0 ? true : null;
  };
  await until('an end', isRight, settleMs).catch(() => {});
  return wrongs;
}

/** On a machine that gives a process no turn for a whole lease even an executor that nobody kills is taken for dead. */
const nextNames = ['next-1', 'next-2', 'next-3'];

/** After everything else the session takes a command and runs it. */
export async function nextWorks(world: CrashWorld, sessionId: string): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const name of nextNames) {
    await ask(world, sessionId, name);
    const wrongs = await settledWrongs(() => sessionWrongs(world, sessionId, [name]));
    if (wrongs.length > 0) return wrongs;
    const { executions } = await world.stored();
    const next = executions.find(({ executionId }) => executionId === `${sessionId}-${name}`);
    const outcome = next?.state === 'finished' ? next.result.outcome : null;
    if (outcome?.kind === 'exited') return [];
    outcomes.push(JSON.stringify(outcome));
  }
  return [`the next commands end as ${outcomes.join(', ')}`];
}
