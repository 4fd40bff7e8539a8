import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot, startProgram } from '../support/run-program.ts';
import { boundedCases, lacking } from './bounded-cases.ts';

/** Nobody's; only root can become it, and who is not root is unprivileged already. */
const uid = process.getuid?.() === 0 ? 61_236 : null;
const become = uid === null ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];
const cases = boundedCases();

describe('the pipeline of an unprivileged user', () => {
  let home: string;
  let told: { uid: number; wall: string; differences: Record<string, readonly string[]> };
  let left: readonly string[];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'unprivileged-'));
    if (uid !== null) chownSync(home, uid, uid);
    const program = join(projectRoot, 'test/acceptance/run-bounded-cases.ts');
    const running = startProgram([...become, process.execPath, '--no-warnings', program], {
      env: { HOME: home, TMPDIR: home, METADATA_SERVER_DETECTION: 'none' },
    });
    const { code, stdout, stderr } = await running.ended;
    if (code !== 0) throw new Error(`ended with ${code}: ${stderr}`);
    told = JSON.parse(stdout);
    left = readdirSync(home).filter((name) => name.startsWith('sandbus-'));
  }, 600_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('is asked in enough cases, as that user, behind the same wall', () => {
    expect([cases.length > 40, told.uid, told.wall]).toEqual([true, uid ?? process.getuid?.(), 'bubblewrap']);
  });

  it.each(cases.filter(({ id }) => !(id in lacking)))('$group: $id', ({ id }) => {
    expect(told.differences[id]).toEqual([]);
  });

  it.each(Object.entries(lacking))('still lacks what %s asks for: %s', (id) => {
    expect(told.differences[id]).not.toEqual([]);
  });

  it('leaves no folder of its own', () => {
    expect(left).toEqual([]);
  });
});
