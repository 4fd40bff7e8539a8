import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideOutcome } from '../../../execution/outcome.ts';
import { type CgroupHome, createCommandCgroup, findCgroupHome } from '../../../executor/limits/cgroup.ts';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { useOwnCensus } from '../../support/census.ts';
import { type CommandBench, createBench } from '../support/command-bench.ts';

const root = mkdtempSync(join(tmpdir(), 'cgroup-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

/** Folders and files as the kernel shows them; what is written to them can be read back. */
function tree(self: string, files: Readonly<Record<string, string>>) {
  const place = join(root, `${count++}`);
  mkdirSync(place);
  writeFileSync(join(place, 'self'), self);
  for (const [name, text] of Object.entries(files)) {
    const path = join(place, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }
  return { root: place, self: join(place, 'self') };
}

describe('the home of groups', () => {
  it('of version 2 is the own group, where memory is delegated', () => {
    const files = tree('0::/app\n', { 'cgroup.controllers': '', 'app/cgroup.subtree_control': 'cpu memory pids\n' });
    expect(findCgroupHome(files)).toEqual({ version: 2, folder: join(files.root, 'app') });
  });

  it('of version 1 is the own group of each controller', () => {
    const files = tree('4:memory:/m\n3:cpu,cpuacct:/c\n2:pids:/p\n', {
      'memory/m/x': '',
      'pids/p/x': '',
      'cpuacct/c/x': '',
    });
    const home = {
      version: 1,
      memory: join(files.root, 'memory/m'),
      pids: join(files.root, 'pids/p'),
      cpu: join(files.root, 'cpuacct/c'),
    };
    expect(findCgroupHome(files)).toEqual(home);
  });

  it.each([
    ['memory is not delegated', '0::/\n', { 'cgroup.controllers': '', 'cgroup.subtree_control': 'cpu\n' }],
    ['there is no memory controller', '2:pids:/\n', { 'pids/x': '' }],
    ['the folder of the group is not there', '4:memory:/elsewhere\n', { 'memory/x': '' }],
    ['there are no groups', '', {}],
  ])('is nowhere when %s', (_title, self, files) => {
    expect(findCgroupHome(tree(self, files))).toBeNull();
  });
});

describe('a group of version 2', () => {
  it('gets the limits that the kernel has files for, and reads its counters', () => {
    const folder = join(root, 'v2');
    mkdirSync(folder);
    const home: CgroupHome = { version: 2, folder };
    const group = createCommandCgroup(home, 'a', { memoryMb: 16, pids: 8 });
    const own = join(folder, readdirSync(folder)[0]!);
    expect([group.version, group.limitsProcesses, group.countsCpu, group.refusedProcesses()]).toEqual([
      2,
      false,
      false,
      null,
    ]);
    expect(existsSync(join(own, 'memory.max'))).toBe(false);
    writeFileSync(join(own, 'memory.events'), 'low 0\noom 2\noom_kill 1\noom_group_kill 0\n');
    writeFileSync(join(own, 'cpu.stat'), 'usage_usec 12500\nuser_usec 1\n');
    expect(group.outOfMemoryEvidence()).toBe('memory.events oom_kill 1 at a limit of 16 MiB');
    writeFileSync(join(own, 'pids.events'), 'max 3\n');
    expect([group.cpuMs(), group.refusedProcesses()]).toEqual([12.5, 3]);
    group.enter(42);
    expect(readFileSync(join(own, 'cgroup.procs'), 'utf8')).toBe('42');
  });

  it('that a dead executor left is removed by the next one', () => {
    const folder = join(root, 'v2-abandoned');
    mkdirSync(join(folder, 'sandbus-4194305-x'), { recursive: true });
    createCommandCgroup({ version: 2, folder }, 'a', { memoryMb: 16, pids: 8 });
    expect(readdirSync(folder)).toEqual([expect.stringContaining(`sandbus-${process.pid}-a`)]);
  });
});

/** Null on a machine where no group can be made: commands then run without a memory limit, and that is what holds. */
const home = findCgroupHome();

describe('a command in a group', () => {
  let bench: CommandBench;
  beforeAll(async () => {
    bench = await createBench(chooseWall('auto', process.pid));
  });
  afterAll(() => bench.close());

  async function run(command: string, memoryMb: number) {
    const cgroup = home && createCommandCgroup(home, `test-${count++}`, { memoryMb, pids: 64 });
    try {
      return await bench.run(command, { cgroup });
    } finally {
      await cgroup?.remove();
    }
  }
  const fill = (mebibytes: number) => `head -c ${mebibytes}M /dev/zero | tail -c ${mebibytes}M | wc -c`;
  const outOfMemory = {
    kind: 'out-of-memory',
    evidence: expect.stringMatching(/oom_kill [1-9]\d* at a limit of 40 MiB/),
  };
  const exited = { kind: 'exited', exitCode: 0 };
  const endOfTooMuch = home === null ? exited : outOfMemory;

  it.each([
    ['takes more memory than it may', fill(100)],
    ['puts more into its temporary folder than it may', 'head -c 60M /dev/zero > /tmp/x'],
  ])('that %s is out of memory where groups can be made, with the evidence of the kernel', async (_title, command) => {
    expect(decideOutcome((await run(command, 40)).evidence)).toEqual(endOfTooMuch);
  });

  it('that takes less than it may is not', async () => {
    const { evidence, out } = await run(fill(20), 100);
    expect([decideOutcome(evidence), out]).toEqual([exited, `${20 * 1024 * 1024}\n`]);
  });

  it('has its processor time counted, its children included', async () => {
    const { cpuMs } = await run('bash -c "i=0; while ((i++ < 100000)); do :; done"', 100);
    expect([cpuMs !== null, (cpuMs ?? 100) > 20]).toEqual([home !== null, true]);
  });

  it('leaves no group behind', async () => {
    await run('setsid sleep 60 & :', 100);
    const parents = home === null ? [] : [home.version === 2 ? home.folder : home.memory];
    const groups = parents.flatMap((parent) => readdirSync(parent));
    expect(groups.filter((name) => name.startsWith(`sandbus-${process.pid}-`))).toEqual([]);
  });
});

useOwnCensus();
