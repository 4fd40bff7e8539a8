import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, type RunningProgram, startProgram } from '../support/run-program.ts';
import type { CrashPoint } from './call-killer.ts';
import { type CrashWorld, preloadArguments, type ServiceName } from './crash-world.ts';

/** A service as a process that dies at the point it is told. */
export interface ServiceLife {
  /** From here on calls are counted; without a point they are only recorded. */
  arm(point: CrashPoint | null): Promise<void>;
  /** What it called since it was armed. */
  calls(): readonly string[];
  readonly ended: RunningProgram['ended'];
  close(): Promise<void>;
}

/** Lives are short: compiling would be most of them. */
const compileCache = join(projectRoot, 'node_modules/.cache/compile');
let lives = 0;

export async function startService(service: ServiceName, { env, folder }: CrashWorld): Promise<ServiceLife> {
  lives += 1;
  const files = { CRASH_TRACE: join(folder, `trace-${lives}`), CRASH_ARM: join(folder, `arm-${lives}`) };
  writeFileSync(files.CRASH_TRACE, '');
  const command = [process.execPath, ...preloadArguments, join(projectRoot, service, 'main.ts')];
  const program = startProgram(command, { env: { NODE_COMPILE_CACHE: compileCache, ...env, ...files } });
  await program.printed('"message":"started"');
  let times = 0;
  return {
    async arm(point) {
      writeFileSync(files.CRASH_TRACE, '');
      writeFileSync(files.CRASH_ARM, JSON.stringify(point));
      process.kill(program.pid, 'SIGUSR2');
      times += 1;
      await program.printed(`armed ${times};`);
    },
    calls: () => readFileSync(files.CRASH_TRACE, 'utf8').split('\n').filter(Boolean),
    ended: program.ended,
    async close() {
      program.kill('SIGKILL');
      await program.ended;
    },
  };
}
