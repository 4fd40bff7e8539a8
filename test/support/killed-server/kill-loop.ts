import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { type Random, seededRandom } from '../seeded-random.ts';
import type { ServerProcess } from './server-process.ts';

/** One life of a server, as those who write to it see it. */
export interface Life {
  /** Takes note of an acknowledged write; after some of them the server is killed. */
  acknowledged(): void;
  /** Takes note of a call that failed, which before the kill none may. */
  failed(error: unknown): void;
}

/** Clients that write to a server through all of its lives and know what it has acknowledged. */
export interface KillWriters<Where> {
  /** What this life of the server has not kept, in words. Nobody writes meanwhile. */
  check(where: Where): Promise<readonly string[]>;
  /** Writes from several clients at once, each until a call of it fails. */
  write(where: Where, life: Life): Promise<void>;
}

export interface KillLoop<Where> {
  readonly start: (folder: string) => ServerProcess<Where>;
  readonly writers: KillWriters<Where>;
  readonly kills: number;
  readonly seed: number;
  /** How many writes a life may acknowledge at most before it is killed. */
  readonly mostWrites: number;
  /** A process that is killed during its start is so within this time. */
  readonly longestStartMs: number;
}

export interface KillReport<Where> {
  readonly killedStarting: number;
  readonly killedWriting: number;
  readonly acknowledged: number;
  /** The loop ends with the first life that had any. */
  readonly faults: readonly string[];
  /** A server that was not killed, after all those that were. */
  readonly last: Where;
}

type Plan =
  | { readonly kind: 'killed-starting'; readonly afterMs: number }
  | { readonly kind: 'killed-writing'; readonly writes: number; readonly afterMs: number };

const startShare = 0.3;
/** The others are killed a while after an acknowledgement, when any of the calls since then may be under way. */
const killedAtOnceShare = 0.25;
const longestGraceMs = 40;
/** The first ones find an empty folder: what they leave half-made must do for the next. */
const firstStarts = 3;

function planLife(
  random: Random,
  index: number,
  { mostWrites, longestStartMs }: Pick<KillLoop<unknown>, 'mostWrites' | 'longestStartMs'>,
): Plan {
  if (index < firstStarts || random() < startShare) {
    return { kind: 'killed-starting', afterMs: random() * longestStartMs };
  }
  // Most lives are short.
  const writes = 1 + Math.floor(random() ** 2 * mostWrites);
  const isAtOnce = random() < killedAtOnceShare;
  return { kind: 'killed-writing', writes, afterMs: isAtOnce ? 0 : random() ** 2 * longestGraceMs };
}

/** Gives the clients what they need to write until the kill: tells it when it is due, and of failures before it. */
function lifeOf(kill: () => void, plan: Plan & { readonly kind: 'killed-writing' }) {
  const life = { writes: 0, isKilled: false, faults: [] as string[] };
  const killNow = () => {
    life.isKilled = true;
    kill();
  };
  return {
    life,
    acknowledged() {
      life.writes += 1;
      if (life.writes !== plan.writes) return;
      // What the server does only after its answer is seen best by a kill in the same turn.
      if (plan.afterMs === 0) killNow();
      else setTimeout(killNow, plan.afterMs);
    },
    failed(error: unknown) {
      if (life.isKilled) return;
      life.faults.push(`a call failed before the kill: ${error instanceof Error ? error.message : error}`);
      // The others would write on for ever.
      killNow();
    },
  };
}

/** For each test a folder of its own; what is left of a loop that failed ends with the test. */
export function useKillLoop() {
  const current = { folder: '', process: undefined as ServerProcess<unknown> | undefined };
  const end = async () => {
    current.process?.kill();
    await current.process?.gone.catch(() => {});
    current.process = undefined;
  };
  const start = <Where>(loop: KillLoop<Where>): ServerProcess<Where> => {
    const started = loop.start(current.folder);
    current.process = started;
    // Both have the same reason to fail, and only one of them is waited for.
    for (const promise of [started.starting, started.listening]) promise.catch(() => {});
    return started;
  };
  beforeEach(async () => {
    current.folder = await mkdtemp(join(tmpdir(), 'killed-'));
    await mkdir(join(current.folder, 'scratch'));
  });
  afterEach(async () => {
    await end();
    await rm(current.folder, { recursive: true, force: true, maxRetries: 10 });
  });

  /** Starts a server on one folder again and again, kills each, and checks what the one after it has. */
  const run = async <Where>(loop: KillLoop<Where>): Promise<KillReport<Where>> => {
    const { writers, kills, seed } = loop;
    const random = seededRandom(seed);
    const report = { killedStarting: 0, killedWriting: 0, acknowledged: 0, faults: [] as string[] };
    for (let index = 0; index < kills && report.faults.length === 0; index += 1) {
      const plan = planLife(random, index, loop);
      const server = start(loop);
      if (plan.kind === 'killed-starting') {
        await server.starting;
        setTimeout(server.kill, plan.afterMs);
        await server.gone;
        report.killedStarting += 1;
        continue;
      }
      const where = await server.listening;
      report.faults.push(...(await writers.check(where)));
      const { life, ...told } = lifeOf(server.kill, plan);
      await writers.write(where, told);
      await server.gone;
      report.faults.push(...life.faults);
      report.killedWriting += 1;
      report.acknowledged += life.writes;
    }
    const last = await start(loop).listening;
    report.faults.push(...(await writers.check(last)));
    return { ...report, last };
  };

  return {
    get folder() {
      return current.folder;
    },
    /** Ends what runs, for what is to be seen afterwards. */
    end,
    run,
  };
}

/** Carries out a write again and again, and tells of each that was acknowledged, until one fails. */
export async function repeatUntilKilled(life: Life, write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write();
    } catch (error) {
      life.failed(error);
      return;
    }
    life.acknowledged();
  }
}
