import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { JobEvidence } from '../execution/job-evidence.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { callProgram } from './call-program.ts';
import type { ContainersConfig } from './config.ts';
import { type DescribedContainer, readInspected } from './read-evidence.ts';

export interface NewContainer {
  readonly name: string;
  readonly image: string;
  /** Options of `create` besides name, labels and environment. */
  readonly options: readonly string[];
  /** Given by name: no value stands in arguments that others can read. */
  readonly env: Readonly<Record<string, string>>;
}

/** Containers of one deployment on one machine, by the command line that docker and podman have in common. */
export interface ContainerHost {
  /**
   * Resolves once the container of this name has been started, by this call or one before. What is left of one that has
   * ended is replaced. Rejects with `container/…`; may be repeated.
   */
  start(container: NewContainer): Promise<void>;
  /** What became of the container; `unknown` when there is none of this name or nobody says. Never rejects. */
  inspect(name: string): Promise<JobEvidence>;
  /** Removes those that ended before then, and those that were made before then and never started. Resolves with their names. */
  removeEnded(before: number): Promise<readonly string[]>;
  /** Ends and removes all. */
  removeAll(): Promise<void>;
}

const groupLabel = 'dev.sandbus.group';
/** An image may have to be fetched first. */
const startPatienceMs = 5 * 60_000;
const patienceMs = 60_000;

/** The name of the container of a lease: one lease has one, however often its launch is asked for. */
export const containerOfLease = (leaseId: string): string => `sandbus-${leaseId}`;

export function createContainerHost(config: ContainersConfig): ContainerHost {
  const label = `${groupLabel}=${config.group}`;
  const call = (...args: string[]) => callProgram(config, { args, patienceMs });

  async function run({ name, image, options, env }: NewContainer): Promise<void> {
    const variables = Object.keys(env).flatMap((variable) => ['--env', variable]);
    await callProgram(config, {
      args: ['create', '--name', name, '--label', label, ...variables, ...options, image],
      env,
      patienceMs: startPatienceMs,
    });
    await startMade(name);
  }

  /** One that runs already goes on. */
  async function startMade(name: string): Promise<void> {
    const [made] = await describe([name]).catch(() => []); // it is started without that, too
    // Podman's monitor leaves word of a container that passed its memory in the directory in which it was started, and
    // Podman looks for that in the container's own folder.
    const cwd = [made?.folder, tmpdir()].find((path) => path && existsSync(path));
    await callProgram(config, { args: ['start', name], ...(cwd && { cwd }), patienceMs: startPatienceMs });
  }

  async function describe(names: readonly string[]): Promise<readonly DescribedContainer[]> {
    return names.length === 0 ? [] : readInspected(await call('container', 'inspect', ...names));
  }

  async function inspect(name: string): Promise<JobEvidence> {
    try {
      const [found] = await describe([name]);
      return found?.evidence ?? { kind: 'unknown' };
    } catch {
      // Evidence is a help, not a condition: without it the lease alone decides.
      return { kind: 'unknown' };
    }
  }

  const remove = (names: readonly string[]) => call('rm', '--force', '--volumes', ...names);

  async function names(): Promise<readonly string[]> {
    const text = await call('ps', '--all', '--filter', `label=${label}`, '--format', '{{.Names}}');
    return text.split('\n').filter((name) => name !== '');
  }

  return {
    async start(container) {
      try {
        await run(container);
      } catch (error) {
        if (!isCode(error, 'container/name-taken')) {
          await removeIfNeverStarted(container.name);
          throw error;
        }
        const { kind } = await inspect(container.name);
        if (kind === 'ended') {
          await remove([container.name]);
          await run(container);
        }
        // Another call is about to start it, or was cut off before it could.
        if (kind === 'waiting') await startMade(container.name);
      }
    },
    inspect,
    async removeEnded(before) {
      const found = await describe(await names());
      const over = found
        .filter(({ endedAt, createdAt, evidence }) =>
          endedAt === null ? evidence.kind === 'waiting' && createdAt < before : Math.max(endedAt, createdAt) < before,
        )
        .map(({ name }) => name);
      if (over.length > 0) await remove(over);
      return over;
    },
    async removeAll() {
      const found = await names();
      if (found.length > 0) await remove(found);
    },
  };

  /** A container that could not be started is left behind by both programs, and would take the name. */
  async function removeIfNeverStarted(name: string): Promise<void> {
    const evidence = await inspect(name);
    const neverStarted = evidence.kind === 'waiting' || (evidence.kind === 'ended' && evidence.cause === 'not-started');
    if (neverStarted) await remove([name]).catch(() => {}); // the failure that is told is the launch's
  }
}

const isCode = (error: unknown, code: PipelineError['code']): boolean =>
  error instanceof PipelineError && error.code === code;
