import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type Attempt, attemptsFor, attemptsProgram, readAttempts } from '../../../executor/doctor/attempts.ts';

const attempts: readonly Attempt[] = [
  { what: 'fail', command: 'false' },
  { what: "quote 'this'", command: "[[ 'a b' == 'a b' ]]" },
  { what: 'hang', command: 'sleep 20' },
  { what: 'end everything', command: 'kill -KILL $$' },
];

describe('the attempts of the doctor', () => {
  it('are each made for itself, however one of them ends', () => {
    const argv = ['--norc', '--noprofile', '-c', attemptsProgram(attempts)];
    const { stdout } = spawnSync('bash', argv, { encoding: 'utf8', env: { PATH: process.env.PATH } });
    expect(readAttempts(attempts, stdout).map(({ succeeded }) => succeeded)).toEqual([false, true, false, false]);
  });

  it('count as successful where nothing was heard of them', () => {
    expect(readAttempts(attempts, '0 1\n2 0').map(({ succeeded }) => succeeded)).toEqual([false, true, true, true]);
  });

  it('find what they look for where no wall is in the way', () => {
    const bait = { mark: 'PATH=', file: '/etc/hostname', program: process.argv[1] ?? '' };
    const found = attemptsFor(bait).filter(({ what }) => /environment|files|process of the executor/.test(what));
    const { stdout } = spawnSync('bash', ['-c', attemptsProgram(found, 60)], { encoding: 'utf8' });
    expect(readAttempts(found, stdout).map(({ succeeded }) => succeeded)).toEqual([true, true, true]);
  });

  it('do not take themselves for the executor', () => {
    const bait = { mark: 'no-such-mark', file: '/nowhere', program: '/no/such/program.ts' };
    const found = attemptsFor(bait).filter(({ what }) => /environment|process of the executor|signals/.test(what));
    const { stdout } = spawnSync('bash', ['-c', attemptsProgram(found)], { encoding: 'utf8' });
    expect(readAttempts(found, stdout).map(({ succeeded }) => succeeded)).toEqual([false, false, false]);
  });
});
