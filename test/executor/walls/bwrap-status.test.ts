import { readlinkSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { assertSeparated, readSandbox } from '../../../executor/walls/bwrap-status.ts';

const names = ['ipc', 'mnt', 'net', 'pid', 'uts'];
const own = (name: string) => Number(/\d+/.exec(readlinkSync(`/proc/self/ns/${name}`))?.[0]);
const apart = Object.fromEntries(names.map((name) => [`${name}-namespace`, own(name) + 1]));

describe('the namespaces of a wall', () => {
  it('may all be others than those of the executor', () => {
    expect(() => assertSeparated(apart)).not.toThrow();
  });

  it.each(names)('must not be the executor’s own: %s', (name) => {
    expect(() => assertSeparated({ ...apart, [`${name}-namespace`]: own(name) })).toThrow(
      `the executor's ${name} namespace`,
    );
  });

  it.each(names)('must all be told: %s', (name) => {
    const { [`${name}-namespace`]: _left, ...others } = apart;
    expect(() => assertSeparated(others)).toThrow(`the executor's ${name} namespace`);
  });
});

describe('what bubblewrap tells', () => {
  it('is the first process and its namespaces, however the pipe cuts it', async () => {
    const pipe = new PassThrough();
    const sandbox = readSandbox(pipe);
    for (const piece of ['{ "child-pid": 4', '2, "net-names', 'pace": 7 }\n\n{ "exit-code": 3 }\n']) pipe.write(piece);
    expect(await sandbox).toEqual({ pid: 42, namespaces: { 'net-namespace': 7 } });
  });

  it.each([
    ['ends', undefined],
    ['fails', new Error('broken')],
  ])('is nothing when its pipe %s first', async (_title, error) => {
    const pipe = new PassThrough();
    const sandbox = readSandbox(pipe);
    pipe.destroy(error);
    expect(await sandbox).toBeNull();
  });
});
