import { describe, expect, it } from '@jest/globals';
import { adviseOnWall } from '../../../executor/doctor/advise.ts';
import { judgeMachine, type MachineFacts, readMachine } from '../../../executor/doctor/examine-machine.ts';

const good: MachineFacts = {
  uid: 0,
  cgroup: { version: 2, controllers: ['memory', 'pids'] },
  bubblewrap: 'bubblewrap 0.8.0',
  hasSetpriv: true,
  hasSeccomp: true,
  settings: {
    'user.max_user_namespaces': 1,
    'kernel.unprivileged_userns_clone': null,
    'kernel.apparmor_restrict_unprivileged_userns': 0,
    'fs.suid_dumpable': 0,
  },
};

const wanting = (facts: Partial<MachineFacts>) =>
  judgeMachine({ ...good, ...facts })
    .filter(({ advice }) => advice !== null)
    .map(({ subject, found }) => `${subject}: ${found}`);

describe('a machine', () => {
  it('on which nothing is wanting gets no advice', () => {
    expect(wanting({})).toEqual([]);
  });

  it.each<[string, Partial<MachineFacts>]>([
    ['user: 1000: commands run as this user, behind bubblewrap', { uid: 1000 }],
    ['cgroups: none that can be written', { cgroup: null }],
    ['bubblewrap: not installed', { bubblewrap: null }],
    ['bubblewrap: bubblewrap 0.7.9', { bubblewrap: 'bubblewrap 0.7.9' }],
    ['setpriv: not installed', { hasSetpriv: false }],
    ['seccomp: not in this kernel', { hasSeccomp: false }],
    ['fs.suid_dumpable: 1', { settings: { ...good.settings, 'fs.suid_dumpable': 1 } }],
    [
      'user namespaces: user.max_user_namespaces is 0',
      { settings: { ...good.settings, 'user.max_user_namespaces': 0 } },
    ],
    [
      'user namespaces: kernel.apparmor_restrict_unprivileged_userns is 1',
      { settings: { ...good.settings, 'kernel.apparmor_restrict_unprivileged_userns': 1 } },
    ],
  ])('is advised on %s', (told, facts) => {
    expect(wanting(facts)).toEqual([told]);
  });

  it('is well with a bubblewrap of a later major version', () => {
    expect(wanting({ bubblewrap: 'bubblewrap 1.0.0' })).toEqual([]);
  });

  it('is read as it is', async () => {
    const facts = await readMachine();
    expect([facts.uid, facts.bubblewrap]).toEqual([process.getuid?.(), expect.stringMatching(/^bubblewrap \d/)]);
  });
});

describe('the advice on a wall that does not hold', () => {
  it.each([
    ['bubblewrap', 'bwrap cannot be started: spawn bwrap ENOENT', /Install bubblewrap/],
    ['bubblewrap', "bwrap: Can't mount proc on /newroot/proc: Operation not permitted", /unmask=ALL/],
    ['bubblewrap', 'bwrap: setting up uid map: Permission denied', /AppArmor/],
    ['bubblewrap', 'bwrap: Creating new namespace failed: Operation not permitted', /user namespaces/],
    ['container', 'this is no container of this executor alone: it has the process 7 (cron)', /container of its own/],
    ['container', 'the wall container needs an executor that is root', /as root/],
    ['cloud-run-sandbox', 'the container has no sandbox launcher: /x', /sandboxLauncher/],
    ['bubblewrap', 'something new', /must not be possible/],
  ] as const)('of the kind %s for "%s" tells what to do', (kind, because, advice) => {
    expect(adviseOnWall(kind, because)).toMatch(advice);
  });
});
