import type { ExecutionBase } from './records.ts';

/** A job that executors run in, and what it is made for. Neither can be changed by a launch. */
export interface JobChoice {
  /** projects/P/locations/R/jobs/J */
  readonly job: string;
  readonly network: 'none' | 'internet';
  /** The most that `limits.memoryMb` of its commands may be. */
  readonly memoryMb: number;
}

export interface JobNeed {
  readonly network: 'none' | 'internet';
  readonly memoryMb: number;
}

/**
 * The smallest job that has what an execution needs. A job with a network also serves commands without one, since their
 * wall gives them none, but only where nothing else fits; a job without one never serves a command with one. `null` when
 * none fits.
 */
export function chooseJob(jobs: readonly JobChoice[], need: JobNeed): string | null {
  const fitting = jobs
    .filter(({ network, memoryMb }) => memoryMb >= need.memoryMb && (network === 'internet' || need.network === 'none'))
    .toSorted(
      (a, b) =>
        Number(a.network !== need.network) - Number(b.network !== need.network) ||
        a.memoryMb - b.memoryMb ||
        a.job.localeCompare(b.job, 'en'),
    );
  return fitting[0]?.job ?? null;
}

/**
 * What an execution needs of its job. What a request asks for is not known here where it is kept in the bucket; then it may
 * be a network.
 */
export function needOf({ request, limits }: Pick<ExecutionBase, 'request' | 'limits'>): JobNeed {
  const isWithout = request.kind === 'inline' && (request.request.network ?? 'none') === 'none';
  return { network: isWithout ? 'none' : 'internet', memoryMb: limits.memoryMb };
}
