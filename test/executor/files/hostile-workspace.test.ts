import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { FileOperation } from '../../../execution/file-operation.ts';
import { writeFile } from '../../../workspace/files/change-files.ts';
import { DiskTree } from '../../../workspace/files/disk-tree.ts';
import { globBudget } from '../../../workspace/files/glob.ts';
import { listBudget } from '../../../workspace/files/list-budget.ts';
import { listFiles } from '../../../workspace/files/look-at-files.ts';
import type { StepBudget } from '../../../workspace/step-budget.ts';
import { useTemporaryDirectories } from '../../workspace/temporary-directory.ts';
import { inShort, onDisk } from './both-ways.ts';

const newDirectory = useTemporaryDirectories();

const answersOf = async (root: string, ...operations: readonly FileOperation[]) =>
  (await onDisk(root, newDirectory(), operations)).map(inShort);

describe('a workspace that a hostile command arranged', () => {
  it('has no pipe, device or socket that is waited for', async () => {
    const root = newDirectory();
    execFileSync('mkfifo', [`${root}/pipe`]);
    symlinkSync('pipe', `${root}/to-pipe`);
    const path = 'to-pipe';
    expect(
      await answersOf(
        root,
        { kind: 'read', path },
        { kind: 'write', path, content: { text: 'x' } },
        { kind: 'append', path: 'pipe', content: { text: 'x' } },
        { kind: 'stat', path: 'pipe' },
        { kind: 'remove', path: 'pipe' },
      ),
    ).toEqual(['files/invalid-path', 'files/invalid-path', 'files/invalid-path', 'other 644 0', 'done']);
  });

  it('has a huge file of which a part can be read, and not all', async () => {
    const root = newDirectory();
    writeFileSync(`${root}/huge`, 'head');
    truncateSync(`${root}/huge`, 2 ** 40);
    const read = { kind: 'read', path: 'huge' } as const;
    expect(await answersOf(root, read, { ...read, maxBytes: 2 ** 41 }, { ...read, length: 4 })).toEqual([
      'files/too-large',
      'files/too-large',
      '"head"',
    ]);
  });

  it('has no folder that is swapped for a link while something is written into it', async () => {
    const [root, outside] = [newDirectory(), newDirectory()];
    mkdirSync(`${root}/d`);
    const tree = new SwappedWhenLooked(root, () => {
      renameSync(`${root}/d`, `${root}/was`);
      symlinkSync(outside, `${root}/d`);
    });
    await expect(writeFile(tree, 'd/f', { path: '', fd: 0, size: 0 }, null)).rejects.toThrow();
    tree.close();
    expect(readdirSync(outside)).toEqual([]);
  });

  it('has no folder whose swap leads a walk elsewhere', async () => {
    const [root, outside] = [newDirectory(), newDirectory()];
    mkdirSync(`${root}/d`);
    writeFileSync(`${outside}/secret`, '');
    const tree = new SwappedWhenLooked(root, () => {
      renameSync(`${root}/d`, `${root}/was`);
      symlinkSync(outside, `${root}/d`);
    });
    await expect(listFiles(tree, '', { recursive: true, glob: null })).rejects.toThrow();
    tree.close();
  });

  it('has a folder of 20,000 names that is listed and removed', async () => {
    const root = newDirectory();
    mkdirSync(`${root}/many`);
    for (let i = 0; i < 20_000; i += 1) writeFileSync(`${root}/many/${i}`, '');
    const [listed = '', removed] = await answersOf(
      root,
      { kind: 'list', path: 'many' },
      { kind: 'remove', path: 'many', recursive: true },
    );
    expect([listed.split(' ').length, removed, readdirSync(root)]).toEqual([20_000, 'done', []]);
  }, 120_000);

  it('is listed by patterns of many folders, which cost all operations of a request together a bounded number of steps', async () => {
    const root = newDirectory();
    for (let i = 0; i < 100; i += 1) writeFileSync(`${root}/${'z'.repeat(200)}${i}`, '');
    const glob = `{**,x}${'{/**,/x}'.repeat(5)}${'/**'.repeat(300)}/zzz`;
    const list = { kind: 'list', path: '.', glob } as const;
    const listed = async (patterns: StepBudget, count: number) => {
      const budget = { ...listBudget(), patterns };
      return (await onDisk(root, newDirectory(), Array(count).fill(list), { budget })).map(inShort);
    };
    const budget = globBudget();
    expect(await listed(budget, 1)).toEqual(['']);
    expect(budget.spent).toBeLessThan(100 * 64 * 16);
    expect(await listed(globBudget(2 * budget.spent), 3)).toEqual(['', '', 'files/too-large']);
  });

  it('is listed by many lists, which may look at and tell a bounded number of names together', async () => {
    const root = newDirectory();
    for (let i = 0; i < 10; i += 1) writeFileSync(`${root}/f${i}`, '');
    const answers = async (glob: string, names: { walked: number; listed: number }) => {
      const lists = Array(3).fill({ kind: 'list', path: '.', glob });
      return (await onDisk(root, newDirectory(), lists, { budget: listBudget(names) })).map(inShort);
    };
    const all = Array.from({ length: 10 }, (_, i) => `f${i}`).join(' ');
    expect(await answers('*', { walked: 30, listed: 30 })).toEqual([all, all, all]);
    expect(await answers('*', { walked: 30, listed: 29 })).toEqual([all, all, 'files/too-large']);
    expect(await answers('none', { walked: 30, listed: 0 })).toEqual(['', '', '']);
    expect(await answers('none', { walked: 29, listed: 0 })).toEqual(['', '', 'files/too-large']);
  });

  it('is not looked at any more when the lease is lost', async () => {
    const fenced = AbortSignal.abort(new Error('the lease is lost'));
    const listing = onDisk(newDirectory(), newDirectory(), [{ kind: 'list', path: '.' }], { fenced });
    await expect(listing).rejects.toThrow('the lease is lost');
  });
});

/** A disk on which something is changed right after a folder was found to be one. */
class SwappedWhenLooked extends DiskTree {
  readonly #swap: () => void;
  #isSwapped = false;

  constructor(root: string, swap: () => void) {
    super(root, null);
    this.#swap = swap;
  }

  override look(...where: Parameters<DiskTree['look']>): ReturnType<DiskTree['look']> {
    const found = super.look(...where);
    if (found?.kind === 'directory' && !this.#isSwapped) {
      this.#isSwapped = true;
      this.#swap();
    }
    return found;
  }
}
