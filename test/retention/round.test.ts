import { describe, expect, it } from '@jest/globals';
import type { ListedObject } from '../../retention/decide-collection.ts';
import type { RetentionPorts } from '../../retention/ports.ts';
import { runRound } from '../../retention/round.ts';
import type { RetentionPolicy } from '../../retention/tend-session.ts';

const policy: RetentionPolicy = {
  ...{ graceMs: 0, clockToleranceMs: 0, leftoverMs: 0, dryRun: false },
  thinning: { allMs: 1, hourlyMs: 2, dailyMs: 3 },
};
const now = 1000;
/** More than a function takes as arguments. */
const many = 200_000;

function* objectsOf(prefix: string, count: number): Generator<ListedObject, void> {
  for (let index = 0; index < count; index += 1) {
    yield { name: `${prefix}${index}`, generation: '1', createdAt: 1, bytes: 3 };
  }
}

/** A bucket in which nothing has a record: one folder of a session, one of an execution, and uploads. */
const ports: RetentionPorts = {
  listObjects: async (prefix) => [...objectsOf(prefix, many)],
  listFolders: async () => ['s1'],
  async *pageFolders() {
    yield ['e1'];
  },
  async *pageObjects(prefix) {
    for (let page = 0; page < many / 1000; page += 1) yield [...objectsOf(`${prefix}${page}/`, 1000)];
  },
  readRoots: async () => ({ session: null, checkpoints: [], forks: [], launchedAt: [] }),
  followCheckpoints: async () => new Set(),
  deleteObject: async () => true,
  now: () => now,
  listSessions: async () => [],
  getSession: async () => null,
  listCheckpoints: async () => [],
  listNamed: async () => new Set(),
  transactSession: async (_sessionId, decide) => decide({}),
  deleteCheckpoint: async () => false,
  listExecutions: async () => [],
  replaceExecution: async () => undefined,
  replaceFileRequests: async () => undefined,
  findRecords: async () => new Set(),
};

describe('a round over very many objects', () => {
  it.each([true, false])('counts all that it removes, or would (dry run: %p)', async (dryRun) => {
    const report = await runRound(ports, { ...policy, dryRun }, () => undefined);
    const removedObjects = 4 * many; // of the session, of the execution, uploads, dead letters
    expect(report).toMatchObject({ removedObjects, removedBytes: 3 * removedObjects, problems: [] });
  });
});
