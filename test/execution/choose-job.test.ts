import { describe, expect, it } from '@jest/globals';
import { chooseJob, type JobChoice } from '../../execution/choose-job.ts';

const jobs: readonly JobChoice[] = [
  { job: 'large-internet', network: 'internet', memoryMb: 8192 },
  { job: 'small-internet', network: 'internet', memoryMb: 1024 },
  { job: 'medium-none', network: 'none', memoryMb: 4096 },
  { job: 'small-none', network: 'none', memoryMb: 1024 },
];

describe('the job of an execution', () => {
  it.each([
    ['none', 512, 'small-none'],
    ['none', 1024, 'small-none'],
    ['none', 1025, 'medium-none'],
    ['none', 4097, 'large-internet'],
    ['none', 8193, null],
    ['internet', 1024, 'small-internet'],
    ['internet', 1025, 'large-internet'],
    ['internet', 8193, null],
  ] as const)('with the network %s and %i MiB is %s', (network, memoryMb, job) => {
    expect(chooseJob(jobs, { network, memoryMb })).toBe(job);
    expect(chooseJob(jobs.toReversed(), { network, memoryMb })).toBe(job);
  });

  it('never lets a command with a network into a job without one', () => {
    const without = jobs.filter(({ network }) => network === 'none');
    expect(chooseJob(without, { network: 'internet', memoryMb: 1 })).toBeNull();
  });
});
