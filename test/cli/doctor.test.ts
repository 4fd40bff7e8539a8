import { describe, expect, it } from '@jest/globals';
import { renderDoctor } from '../../cli/render-doctor.ts';
import type { DoctorReport } from '../../execution/doctor-report.ts';
import { startProgram } from '../support/run-program.ts';
import { runSandbus } from './run-sandbus.ts';

const report: DoctorReport = {
  chosen: 'container',
  walls: [
    {
      kind: 'bubblewrap',
      holds: false,
      because: 'spawn bwrap ENOENT',
      advice: 'Install it.',
      leavesOpen: [],
      attempts: [],
    },
    {
      kind: 'container',
      holds: true,
      because: null,
      advice: null,
      leavesOpen: ['the network, by eth0'],
      attempts: [
        { what: 'read a secret', succeeded: false },
        { what: 'find a network interface', succeeded: true },
      ],
    },
  ],
  machine: [
    { subject: 'user', found: 'root', advice: null },
    { subject: 'cgroups', found: 'none', advice: 'Delegate one.' },
  ],
};

describe('what the doctor shows', () => {
  it('is each wall, each attempt, the machine, and what to do about each failure', () => {
    expect(renderDoctor(report, null)).toBe(`WALL        HOLDS  BECAUSE
bubblewrap  no     spawn bwrap ENOENT
container   yes    leaves open: the network, by eth0

EXECUTOR_WALL=auto takes container.

A COMMAND TRIED TO        CONTAINER
read a secret             failed
find a network interface  SUCCEEDED

MACHINE  FOUND
user     root
cgroups  none (!)

What to do:
bubblewrap  Install it.
cgroups     Delegate one.
`);
  });

  it('says that nothing would run where no wall holds', () => {
    expect(renderDoctor({ ...report, chosen: null }, null)).toContain('No wall holds: no command would run here');
  });
});

describe('sandbus doctor', () => {
  it('finds that bubblewrap holds on this machine, and that no attempt succeeded behind it', async () => {
    const { code, stdout, stderr } = await runSandbus(['doctor', '--json'], { env: {} });
    const { chosen, walls } = JSON.parse(stdout) as DoctorReport;
    const bubblewrap = walls.find(({ kind }) => kind === 'bubblewrap');
    expect([code, stderr, chosen, bubblewrap?.because]).toEqual([0, '', 'bubblewrap', null]);
    expect(bubblewrap?.attempts.filter(({ succeeded }) => succeeded)).toEqual([]);
    expect(bubblewrap?.attempts.length).toBeGreaterThan(10);
  });

  it('tells of the wall of a container what it leaves open, where it holds', async () => {
    const cli = [process.execPath, '--disable-warning=ExperimentalWarning', 'cli/main.ts', 'doctor', '--json'];
    const contained = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--net'];
    const { stdout } = await startProgram([...contained, ...cli]).ended;
    const { walls } = JSON.parse(stdout) as DoctorReport;
    const container = walls.find(({ kind }) => kind === 'container');
    expect(container).toMatchObject({
      holds: true,
      leavesOpen: [expect.stringMatching(/processes/)],
    });
    expect(container?.attempts.flatMap(({ what, succeeded }) => (succeeded ? [what] : []))).toEqual([
      'see the process of the executor',
    ]);
  });

  it('fails where no wall holds, and says what to do', async () => {
    const main = 'exec "$0" --disable-warning=ExperimentalWarning cli/main.ts doctor';
    const text = `mount --bind /bin/false /usr/bin/bwrap; ${main}`;
    const { code, stdout } = await startProgram(['unshare', '--mount', 'bash', '-c', text, process.execPath]).ended;
    expect([code, stdout]).toEqual([1, expect.stringMatching(/No wall holds.*What to do:\n.*bubblewrap/s)]);
  });

  it('takes no arguments', async () => {
    const { code, stderr } = await runSandbus(['doctor', 'who'], { env: {} });
    expect([code, stderr]).toEqual([2, expect.stringContaining('doctor takes no "who"')]);
  });
});
