import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { chdir, cwd } from 'node:process';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { inDirectory } from '../../workspace/in-directory.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const home = cwd();
const opened: number[] = [];

afterEach(() => {
  chdir(home);
  for (const fd of opened.splice(0)) closeSync(fd);
});

/** An open directory with a file in it. */
function anOpenDirectory() {
  const directory = realpathSync(newDirectory());
  writeFileSync(`${directory}/name`, 'content');
  const fd = openSync(directory, 'r');
  opened.push(fd);
  return { directory, fd };
}

describe('what runs in an open directory', () => {
  it('reaches its names by relative paths, and the process is back afterwards', () => {
    const { fd } = anOpenDirectory();
    expect(inDirectory(fd, (below) => readFileSync(`${below}name`, 'utf8'))).toBe('content');
    expect(cwd()).toBe(home);
  });

  it('stays in that directory when another gets its name', () => {
    const { directory, fd } = anOpenDirectory();
    renameSync(directory, `${directory}-moved`);
    mkdirSync(directory);
    writeFileSync(`${directory}/name`, 'of another');
    const content = inDirectory(fd, (below) => readFileSync(`${below}name`, 'utf8'));
    rmSync(`${directory}-moved`, { recursive: true });
    expect(content).toBe('content');
  });

  it('leaves the process where it was when it throws', () => {
    const { fd } = anOpenDirectory();
    const fail = () => inDirectory(fd, () => readFileSync('no such name'));
    expect(fail).toThrow('ENOENT');
    expect(cwd()).toBe(home);
  });

  it('leaves the process at the root where its directory was removed meanwhile', () => {
    const { fd } = anOpenDirectory();
    const removed = `${newDirectory()}/removed`;
    mkdirSync(removed);
    chdir(removed);
    inDirectory(fd, () => rmSync(removed, { recursive: true }));
    expect(cwd()).toBe('/');
  });

  it('goes through the descriptor in a thread, which cannot change the directory of the process', async () => {
    const { fd } = anOpenDirectory();
    const thread = new Worker(
      `const { inDirectory } = await import(process.env.MODULE);
       const { readFileSync } = await import('node:fs');
       const { parentPort } = await import('node:worker_threads');
       parentPort.postMessage(inDirectory(${fd}, (below) => [below, readFileSync(below + 'name', 'utf8')]));`,
      { eval: true, env: { MODULE: new URL('../../workspace/in-directory.ts', import.meta.url).href } },
    );
    const told = await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
    await thread.terminate();
    expect(told).toEqual([`/proc/self/fd/${fd}/`, 'content']);
  });
});
