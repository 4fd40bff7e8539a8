import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findFreePort } from '../../../local/free-port.ts';
import { projectRoot, type RunningProgram, startProgram } from '../../support/run-program.ts';
import { startKillWriters } from './kill-writers.ts';

const rounds = 6;
const program = join(projectRoot, 'test/local/storage/serve-data-folder.ts');

describe('a server that is killed', () => {
  let dataDir: string;
  const running = new Set<RunningProgram>();
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'storage-kill-'));
  });
  afterEach(async () => {
    for (const server of running) server.kill('SIGKILL');
    await Promise.all([...running].map(({ ended }) => ended));
    running.clear();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(): Promise<{ readonly origin: string; kill(): void; readonly ended: Promise<unknown> }> {
    const port = await findFreePort();
    const server = startProgram([process.execPath, '--no-warnings', program, dataDir, String(port)]);
    running.add(server);
    const ended = server.ended.then(() => running.delete(server));
    await server.printed('serving');
    return { origin: `http://127.0.0.1:${port}`, kill: () => server.kill('SIGKILL'), ended };
  }

  it('has after its restart every write that was acknowledged, whenever it was killed', async () => {
    const writers = startKillWriters();
    const lost: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const server = await start();
      if (round === 0) await writers.prepare(server.origin);
      lost.push(...(await writers.findLost(server.origin)));
      await writers.writeUntilKilled(server.origin, 1 + Math.floor(Math.random() * 60), server.kill);
      await server.ended;
    }
    const { origin } = await start();
    lost.push(...(await writers.findLost(origin)), ...(await writers.finishUpload(origin)));
    expect(lost).toEqual([]);
    expect(writers.acknowledged()).toBeGreaterThanOrEqual(rounds);
  });

  it('leaves its folder to the next one, and to nobody while it lives', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow('is in use by another process');
    first.kill();
    await first.ended;
    await expect(start()).resolves.toBeDefined();
  });
});
