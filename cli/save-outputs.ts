import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { type ExecutionOutputs, PipelineError } from '../client/index.ts';
import type { Terminal } from './terminal.ts';
import { toLines } from './visible-text.ts';

/** Makes the folder for files that a command is to leave, so that one that cannot be had is told before the command runs. */
export async function makeSaveFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PipelineError(
      'client/not-saved',
      `nothing can be saved in ${JSON.stringify(folder)} (${why}); the command was not run`,
      { cause },
    );
  }
}

/** Saves what was collected; what cannot be is told, and resolves with false: the end of the command is known all the same. */
export async function saveOutputs(
  outputs: ExecutionOutputs | null | undefined,
  folder: string | null,
  terminal: Terminal,
): Promise<boolean> {
  if (folder === null) return true;
  try {
    await outputs?.saveTo(folder);
    return true;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    await terminal.write('stderr', `sandbus: ${toLines(`${error.message}\n  ${error.hint}`)}\n`);
    return false;
  }
}
