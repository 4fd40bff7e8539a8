import { createServer } from 'node:net';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { livingProcessesOf } from '../../../executor/walls/user-processes.ts';
import type { WallChoice } from '../../../executor/walls/wall.ts';
import { type BenchResult, createBench } from './command-bench.ts';

/** What a program in a container does: reads a ContainedWork from stdin and prints a ContainedResult. */
export interface ContainedWork {
  readonly choice: WallChoice;
  /** An address whose port 80 is served meanwhile. */
  readonly serve?: string;
  readonly commands: readonly { readonly command: string; readonly timeoutMs?: number; readonly graceMs?: number }[];
}

export interface ContainedResult {
  /** Why the wall could not be used; null when it could. */
  readonly problem: string | null;
  readonly kind: string;
  readonly leavesOpen: readonly string[];
  readonly uid: number;
  /** On what the last command left something listening. */
  readonly listening: BenchResult['listening'];
  readonly results: readonly {
    readonly out: string;
    readonly err: string;
    readonly exit: unknown;
    /** Processes of the user after the command. */
    readonly left: number;
  }[];
}

async function work({ choice, serve, commands }: ContainedWork): Promise<ContainedResult> {
  const server = createServer((socket) => socket.end());
  if (serve !== undefined) await new Promise<void>((resolve) => server.listen(80, serve, resolve));
  const wall = chooseWall(choice, process.pid);
  const uid = wall.owner?.uid ?? -1;
  const bench = await createBench(wall);
  try {
    const results: ContainedResult['results'][number][] = [];
    let listening: ContainedResult['listening'] = null;
    for (const { command, timeoutMs = 20_000, graceMs = 2_000 } of commands) {
      const { out, err, evidence, ...more } = await bench.run(command, { limits: { timeoutMs }, graceMs });
      listening = more.listening;
      results.push({ out, err, exit: evidence.exit, left: livingProcessesOf(uid).length });
    }
    const leavesOpen = (await bench.raised()).leavesOpen();
    return { problem: null, kind: wall.kind, leavesOpen, uid, listening, results };
  } catch (error) {
    return { problem: (error as Error).message, kind: wall.kind, leavesOpen: [], uid, listening: null, results: [] };
  } finally {
    await bench.close();
    server.close();
  }
}

const given = JSON.parse(await text(process.stdin)) as ContainedWork;
process.stdout.write(`${JSON.stringify(await work(given))}\n`);
