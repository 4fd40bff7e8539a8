import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { livingDescendants, readProcess } from '../../../executor/walls/processes.ts';
import { terminateGently } from '../../../executor/walls/terminate-gently.ts';

/** A first process that reads a line before it goes on; ended and looked at like a command. */
async function started(program: string, ...args: string[]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const pid = child.pid ?? 0;
  const output: Buffer[] = [];
  const closed = once(child, 'close');
  child.stdout.on('data', (piece: Buffer) => output.push(piece));
  await once(child.stdout, 'data');
  const processes = () => {
    const row = readProcess(pid);
    return row === null ? [] : [row, ...livingDescendants(pid)];
  };
  return {
    processes,
    goOn: () => child.stdin.end('\n'),
    async ended() {
      await closed;
      return Buffer.concat(output).toString();
    },
  };
}

/** Forks as bash does: with SIGTERM blocked, and with a handler that is called when the child has ended. */
const forking = `
  use POSIX qw(:signal_h);
  alarm 100;
  my $set = POSIX::SigSet->new(SIGTERM);
  my $isAsked = 0;
  $SIG{TERM} = sub { $isAsked = 1 };
  sigprocmask(SIG_BLOCK, $set);
  syswrite(STDOUT, "on ");
  <STDIN>;
  my $child = fork;
  if (!$child) { $SIG{TERM} = 'DEFAULT'; sigprocmask(SIG_UNBLOCK, $set); sleep 60; exit }
  sigprocmask(SIG_UNBLOCK, $set);
  1 until waitpid($child, 0) == $child;
  syswrite(STDOUT, "the child ended by " . ($? & 127));
  sleep 60 until $isAsked;
`;

/** The same, stopped when its child is there. It says what it was asked by the time that it goes on. */
const forked = `
  use POSIX qw(:signal_h);
  alarm 100;
  my $set = POSIX::SigSet->new(SIGTERM);
  my $asked = 0;
  $SIG{TERM} = sub { $asked += 1 };
  sigprocmask(SIG_BLOCK, $set);
  my $child = fork;
  if (!$child) { $SIG{TERM} = 'DEFAULT'; sigprocmask(SIG_UNBLOCK, $set); sleep 60; exit }
  syswrite(STDOUT, "on ");
  <STDIN>;
  sigprocmask(SIG_UNBLOCK, $set);
  syswrite(STDOUT, "asked $asked times");
`;

describe('a command that is asked to end', () => {
  it('has its child asked too when the shell was about to start it', async () => {
    const command = await started('perl', '-e', forking);
    let looks = 0;
    const processes = () => {
      // Only when it has been stopped, found about to fork, and let go on.
      if (++looks === 4) command.goOn();
      return command.processes();
    };
    await terminateGently(processes, 100_000);
    command.goOn();
    expect(await command.ended()).toBe('on the child ended by 15');
  });

  it('is asked before it goes on, when its child has ended while it forks', async () => {
    const command = await started('perl', '-e', forked);
    const seen: number[] = [];
    const processes = () => {
      const rows = command.processes();
      seen.push(rows.length);
      // Its child was there, is gone, and it was let go on since.
      if (seen.includes(2) && seen.slice(seen.lastIndexOf(2)).length === 4) command.goOn();
      return rows;
    };
    await terminateGently(processes, 100_000);
    expect(await command.ended()).toBe('on asked 1 times');
  });

  it('ends at once when it has no children', async () => {
    const command = await started('bash', '-c', 'trap "echo asked; exit" TERM; echo on; while :; do :; done');
    await terminateGently(command.processes, 100_000);
    expect(await command.ended()).toBe('on\nasked\n');
  });

  it('is asked at half of its grace when it never can be asked well', async () => {
    const command = await started('perl', '-e', forking);
    await terminateGently(command.processes, 100);
    const [shell] = command.processes();
    expect(readFileSync(`/proc/${shell?.pid}/status`, 'latin1')).toMatch(/^ShdPnd:\t0*4000$/m);
    for (const { pid } of command.processes().reverse()) process.kill(pid, 'SIGKILL');
    await command.ended();
  });
});
