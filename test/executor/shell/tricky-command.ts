import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command that is hard on whoever keeps its shell, and what the next command of the session then prints. */
export interface TrickyCommand {
  readonly title: string;
  readonly first: string;
  readonly next: string;
  readonly stdout: string;
  /** Run through the whole pipeline too. */
  readonly pipeline?: true;
  /** A limit: the shell leaves nothing that counts, and the session goes on from before. */
  readonly nothing?: true;
}

export const readTrickyCommands = (): readonly TrickyCommand[] =>
  readFileSync(join(import.meta.dirname, 'tricky-commands.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TrickyCommand);
