import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { showPath } from '../../workspace/byte-path.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { emptyBase, type WorkspaceBase } from '../../workspace/workspace-base.ts';
import { describeTree, lookAtTree } from './describe-tree.ts';
import { MemoryObjects } from './memory-objects.ts';
import { operationsScript } from './operations-script.ts';
import { type Sequence, sequence } from './random-operations.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const limits = { bytes: 512 * 1024 * 1024, entries: 1000 };
const sessionId = 'session-1';

/** Sequences that share a process for each of their rounds, since starting one costs more than what it does. */
const together = 50;
const batches = Number(process.env.OPERATIONS_BATCHES ?? 10);
const firstSeed = Number(process.env.OPERATIONS_SEED ?? 1);

/** One session of a batch, where it is now and what it knows. */
interface Session {
  readonly rounds: Sequence['rounds'];
  readonly objects: MemoryObjects;
  root: string;
  base: WorkspaceBase;
}

async function playRound(sessions: readonly Session[], round: number, scratch: string): Promise<void> {
  const playing = sessions.filter(({ rounds }) => round < rounds.length);
  const steps = playing.map(({ root, rounds }) => ({ root, operations: rounds[round]?.operations ?? [] }));
  writeFileSync(`${scratch}/script`, operationsScript(`${scratch}/spare`, steps));
  const { status, stderr } = spawnSync('bash', ['--norc', `${scratch}/script`, 'round'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: expect.any(Number), stderr: '' });
  for (const session of playing) await checkpoint(session, round);
}

/** Saves a session, restores it elsewhere, compares, and goes on there if it is to move. */
async function checkpoint(session: Session, round: number): Promise<void> {
  const { objects, root, base, rounds } = session;
  const saved = await saveWorkspace({ root, sessionId, base, objects, limits });
  const copy = newDirectory();
  const restored = await restoreWorkspace({ root: copy, manifest: saved.manifest, objects, limits });
  const { tree, special } = lookAtTree(root);
  const skipped = special.map((path) => `${showPath(path)}: a fifo can't be kept`);
  // The rounds are there to be seen when it fails.
  const found = { tree: describeTree(copy), skipped: saved.skipped, entries: saved.entries };
  expect({ rounds, round, ...found }).toEqual({ rounds, round, tree, skipped, entries: tree.length });
  session.base = saved.base;
  if (rounds[round + 1]?.moves !== true) return;
  session.root = copy;
  session.base = restored;
}

describe('a workspace that commands have worked on', () => {
  const seeds = Array.from({ length: batches }, (_, i) => firstSeed + i);

  it.each(seeds)('is restored bit for bit after each of them, in fifty sessions (seed %i)', async (seed) => {
    const scratch = newDirectory();
    const sessions = fc
      .sample(sequence, { seed, numRuns: together })
      .map(({ rounds }): Session => ({ rounds, objects: new MemoryObjects(), root: newDirectory(), base: emptyBase }));
    const rounds = Math.max(...sessions.map((session) => session.rounds.length));
    for (let round = 0; round < rounds; round += 1) await playRound(sessions, round, scratch);
  });
});
