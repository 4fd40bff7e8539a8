import { join } from 'node:path';
import { projectRoot, type RunningProgram, startProgram } from './run-program.ts';

/** Starts a local Firestore as a process of its own and waits until it listens; it ends by a signal only. */
export async function startFirestoreProgram(dataDir: string, port: number): Promise<RunningProgram> {
  const file = join(projectRoot, 'test/support/serve-firestore.ts');
  const program = startProgram([process.execPath, '--disable-warning=ExperimentalWarning', file, dataDir, `${port}`]);
  await program.printed('listening');
  return program;
}
