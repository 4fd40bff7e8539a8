import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openScratchFolder } from '../../local/scratch-folder.ts';
import { projectRoot, type RunningProgram, startProgram } from '../support/run-program.ts';

let parent: string;
const programs: RunningProgram[] = [];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'scratch-'));
});
afterEach(async () => {
  for (const program of programs.splice(0)) await kill(program);
  rmSync(parent, { recursive: true });
});

/** A folder of another process, with something in it. */
async function held(): Promise<{ readonly program: RunningProgram; readonly path: string }> {
  const holder = join(projectRoot, 'test/local/hold-scratch-folder.ts');
  const program = startProgram([process.execPath, '--no-warnings', holder, parent]);
  programs.push(program);
  await program.printed(';');
  const path = program.stdout().slice(0, -1);
  writeFileSync(join(path, 'credentials.json'), '{}');
  return { program, path };
}

async function kill(program: RunningProgram): Promise<void> {
  program.kill('SIGKILL');
  await program.ended;
}

describe('a scratch folder', () => {
  it('that a killed process left is removed by the next that starts, and none of a process that lives', async () => {
    const [killed, living] = [await held(), await held()];
    await kill(killed.program);
    expect(existsSync(killed.path)).toBe(true);
    const own = await openScratchFolder(parent);
    expect(readdirSync(parent).toSorted()).toEqual([living.path, own.path].map((path) => basename(path)).toSorted());
    expect(existsSync(join(living.path, 'credentials.json'))).toBe(true);
    await own.remove();
    expect(readdirSync(parent)).toEqual([basename(living.path)]);
  });

  it('is not taken for abandoned without a proof: without a socket, behind a link, or with another name', async () => {
    const { program, path } = await held();
    await kill(program);
    mkdirSync(join(parent, 'sandbus-abcdef'));
    const elsewhere = mkdtempSync(join(parent, 'elsewhere-'));
    symlinkSync(elsewhere, join(parent, 'sandbus-linked'));
    renameSync(join(path, 'alive.sock'), join(elsewhere, 'alive.sock'));
    const own = await openScratchFolder(parent);
    await own.remove();
    expect(readdirSync(parent).toSorted()).toEqual(
      [basename(path), basename(elsewhere), 'sandbus-abcdef', 'sandbus-linked'].toSorted(),
    );
  });
});
