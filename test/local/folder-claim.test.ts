import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimFolder, releaseFolder } from '../../local/folder-claim.ts';

let folder: string;
/** A process that lives as long as this test, and is not its own. */
const another = process.ppid;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbus-claim-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a folder', () => {
  it('is claimed by the first, and the second is told by whom', () => {
    expect([claimFolder(folder, process.pid), claimFolder(folder, another)]).toEqual([null, process.pid]);
  });
  it('is made when it is not there', () => {
    expect(claimFolder(join(folder, 'a', 'b'), process.pid)).toBeNull();
  });
  it('can be claimed again once it was given back', () => {
    claimFolder(folder, process.pid);
    releaseFolder(folder, process.pid);
    expect(claimFolder(folder, another)).toBeNull();
  });
  it('is given back by its holder alone', () => {
    claimFolder(folder, process.pid);
    releaseFolder(folder, another);
    expect(claimFolder(folder, another)).toBe(process.pid);
  });
  it.each(['4194305\n', 'nonsense', ''])('is taken over from a process that is gone: %j', (left) => {
    writeFileSync(join(folder, 'stack.pid'), left);
    expect(claimFolder(folder, process.pid)).toBeNull();
  });
});
