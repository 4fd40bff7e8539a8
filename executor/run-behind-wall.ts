import { PipelineError } from '../execution/pipeline-error.ts';
import type { CommandResult } from './run-command.ts';
import type { Standing } from './walls/standing-wall.ts';

/** A wall that falls that often under a command that has not begun is not worth another one. */
const mostAttempts = 3;

export interface AttemptPolicy {
  /** Stands when it is asked for. */
  another(): Promise<Standing>;
  /** Nobody wants the command any more. */
  isGivenUp(): boolean;
}

/**
 * Runs a command, and once more behind another wall where the first fell before the command was started. One that may have
 * begun is never run again: its result says what became of it.
 *
 * @param run rejects with `wall/unavailable` only when the command provably has not started
 */
export async function runBehindWall(
  first: Standing,
  run: (standing: Standing) => Promise<CommandResult>,
  { another, isGivenUp }: AttemptPolicy,
): Promise<CommandResult> {
  let standing = first;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await run(standing);
      return attempt === 1 ? result : { ...result, warnings: [raisedAgain, ...result.warnings] };
    } catch (error) {
      const hasNotStarted = error instanceof PipelineError && error.code === 'wall/unavailable';
      if (!hasNotStarted || !standing.raised.hasFallen() || isGivenUp() || attempt === mostAttempts) throw error;
      standing = await another();
    }
  }
}

const raisedAgain =
  'the wall fell before the command was started and was put up again: /dev/shm was empty in the beginning';
