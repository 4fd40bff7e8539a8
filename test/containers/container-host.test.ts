import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createContainerHost } from '../../containers/container-host.ts';
import { keepTidy } from '../../containers/keep-tidy.ts';
import { until } from '../support/until.ts';

let folder: string;
let engine: string;

/** Stands for docker: writes down how it was called and what it was given, and answers as `says` tells it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'));
  engine = join(folder, 'engine');
  const program = `#!/bin/bash
printf '%s\\n' "$*" >> ${folder}/calls
env >> ${folder}/environment
for word; do case $word in create | start | ps | rm | inspect) verb=$word; break;; esac; done
[[ $verb == start ]] && pwd >> ${folder}/starts
[[ -e ${folder}/fails-$verb ]] && { cat ${folder}/fails-$verb >&2; exit 125; }
[[ -e ${folder}/says-$verb ]] && cat ${folder}/says-$verb
exit 0
`;
  writeFileSync(engine, program);
  chmodSync(engine, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
const says = (verb: string, text: string) => writeFileSync(join(folder, `says-${verb}`), text);
const aHost = (program = engine) => createContainerHost({ program, options: ['--host', 'h'], group: 'g' });
const container = { name: 'c', image: 'i', options: ['--read-only'], env: { SANDBUS_LEASE_SECRET: 's3cret' } };

describe('a host of containers', () => {
  it('gives names and no values to the engine, and the values in its environment', async () => {
    await aHost().start(container);
    expect(calls()).toEqual([
      '--host h create --name c --label dev.sandbus.group=g --env SANDBUS_LEASE_SECRET --read-only i',
      '--host h container inspect c',
      '--host h start c',
    ]);
    const environment = readFileSync(join(folder, 'environment'), 'utf8');
    expect(environment).toContain('SANDBUS_LEASE_SECRET=s3cret');
    // What the service knows besides is not the engine's.
    expect(environment).not.toMatch(/^(?:NODE_|npm_|JEST_)/m);
  });

  it('is started from the folder that the engine keeps for it, and from that of temporary files where there is none', async () => {
    const made = join(folder, 'made');
    mkdirSync(made);
    for (const StaticDir of [made, join(folder, 'of-another-machine'), undefined]) {
      says('inspect', JSON.stringify([{ Name: 'c', StaticDir, State: { Status: 'created' } }]));
      await aHost().start(container);
    }
    const places = readFileSync(join(folder, 'starts'), 'utf8').trim().split('\n').slice(-3);
    expect(places).toEqual([made, tmpdir(), tmpdir()].map((path) => realpathSync(path)));
  });

  it('starts what another call made and was cut off before it could start', async () => {
    writeFileSync(join(folder, 'fails-create'), 'the container name "c" is already in use');
    const starts = () => calls().filter((line) => line.endsWith(' start c')).length;
    const before = starts();
    for (const Status of ['created', 'running']) {
      says('inspect', JSON.stringify([{ Name: 'c', State: { Status } }]));
      await aHost().start(container);
    }
    rmSync(join(folder, 'fails-create'));
    expect(starts()).toBe(before + 1);
  });

  it('says which program is missing, and that one which cannot be started has failed', async () => {
    const missing = { code: 'container/program-missing', message: expect.stringContaining('/no/engine') };
    await expect(aHost('/no/engine').start(container)).rejects.toMatchObject(missing);
    await expect(aHost(folder).start(container)).rejects.toMatchObject({ code: 'container/failed' });
  });

  it('knows nothing where the engine says nothing', async () => {
    says('inspect', 'oops');
    expect(await aHost().inspect('c')).toEqual({ kind: 'unknown' });
    expect(await aHost('/no/engine').inspect('c')).toEqual({ kind: 'unknown' });
  });

  it('removes what has ended, in rounds, and goes on after one that failed', async () => {
    says('ps', 'old\nnew\n');
    const row = (Name: string, at: string, Status = 'exited') => ({
      Name,
      Created: at,
      State: { Status, FinishedAt: at },
    });
    says('inspect', JSON.stringify([row('old', '2026-01-01T00:00:00Z'), row('new', '2026-01-01T00:10:00Z')]));
    const lines: string[] = [];
    const failures = [new Error('away')];
    const host = {
      removeEnded: async (before: number) => {
        const failure = failures.pop();
        if (failure !== undefined) throw failure;
        return await aHost().removeEnded(before);
      },
    };
    const now = () => Date.parse('2026-01-01T00:05:00Z');
    const stop = keepTidy(host, { keepMs: 100, now }, (severity, message) => void lines.push(`${severity} ${message}`));
    await until('a round that removes', () => (lines.length >= 2 ? true : null));
    await stop();
    expect(lines.slice(0, 2)).toEqual([
      'WARNING ended containers could not be removed, the next round repeats it',
      'DEBUG ended containers removed',
    ]);
    expect(calls().filter((line) => line.includes(' rm '))[0]).toBe('--host h rm --force --volumes old');
  });
});
