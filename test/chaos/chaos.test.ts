import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runNode } from '../support/run-program.ts';

describe('the chaos run', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbus-chaos-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('kills processes for twenty seconds, and nothing is lost, run twice or stuck', async () => {
    const picture = join(folder, 'chaos.svg');
    const { code, stdout, stderr } = await runNode('test/chaos/main.ts', ['--smoke', '--picture', picture]);
    expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: expect.stringContaining('must be 0') });
    expect(await readFile(picture, 'utf8')).toMatch(/<title>[a-z0-9-]+ killed after/);
  }, 300_000);

  it('refuses a length that is none', async () => {
    const { code, stderr } = await runNode('test/chaos/main.ts', ['--minutes', 'many']);
    expect([code, stderr]).toEqual([2, '--minutes must be a number above 0, not "many"\n']);
  });
});
