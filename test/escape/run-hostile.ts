import type { CheckpointRef, CompletionEvent } from '../../schemas/generated/messages.ts';
import type { ExecutorOptions } from '../executor/support/executor-run.ts';
import type { ExecutorWorld } from '../executor/support/executor-world.ts';
import { isAlive } from '../executor/support/host-processes.ts';
import { aGrant, grantedSecret, type LeaseAnswer, launchSecret, signingKey } from '../executor/support/lease-api.ts';
import { findDifferences } from './check-seen.ts';
import type { HostileCommand } from './hostile-command.ts';
import { fillIn, type HostileHost } from './hostile-host.ts';

export interface HostileRun {
  /** What was not as it must be, for each command. */
  readonly differences: ReadonlyMap<HostileCommand, readonly string[]>;
  /** How the executor itself ended. */
  readonly code: number | null;
  readonly log: string;
  readonly leftovers: readonly string[];
  /** Whether an object of the bucket has bytes of a file of the host. */
  readonly storedSecret: boolean;
}

export interface HostileOptions {
  readonly host: HostileHost;
  /** Of the user that runs the executor; its own when null. */
  readonly uid: number | null;
  /** Called beside each command, while the executor is alive. */
  readonly observe: () => void;
  /** The wall that is expected; bubblewrap when it is not said. */
  readonly wall?: string;
  /** How the executor is started, when not as a process of this machine. */
  readonly instead?: ExecutorOptions['instead'];
  readonly env?: Readonly<Record<string, string>>;
  /** Its process where commands may look for it; that of this machine when it is not said. */
  readonly findExecutor?: () => number;
}

/** Runs the commands one after the other in one session, by the real program of a job. */
export async function runHostile(
  world: ExecutorWorld,
  commands: readonly HostileCommand[],
  { host, uid, observe, wall = 'bubblewrap', instead, env = {}, findExecutor }: HostileOptions,
): Promise<HostileRun> {
  const differences = new Map<HostileCommand, readonly string[]>();
  const further = [...commands];
  let checkpoint: CheckpointRef | null = null;
  let words: Record<string, string> = host.words;
  const secrets = [...host.secrets, launchSecret, grantedSecret, signingKey];

  const judge = (command: HostileCommand, event: CompletionEvent, executorPid: number): void => {
    const found = findDifferences(event, command.seen, wall);
    const text = JSON.stringify(event);
    if (secrets.some((secret) => text.includes(secret))) found.push('its result has a secret');
    if (!isAlive(executorPid)) found.push('the executor is dead');
    differences.set(command, found);
  };
  const grantFor = (command: HostileCommand, number: number) => {
    const executionId = `hostile-${uid}-${number}`;
    const { network } = command;
    const request = { executionId, command: fillIn(command.command, words), ...(network && { network }) };
    return aGrant({ request, checkpoint, limits: { timeoutMs: 30_000, ...command.limits } });
  };

  let current = further.shift() as HostileCommand;
  let number = 0;
  const { api, executor } = await world.start({
    request: { command: 'true', executionId: `hostile-${uid}-first` },
    env: { EXECUTOR_LINGER_MS: '5000', EXECUTOR_GRACE_MS: '500', CANARY: host.secrets[0] ?? '', ...env },
    ...(uid !== null && { uid }),
    ...(instead !== undefined && { instead }),
    direct: (lease) => {
      lease.answer = async ({ verb, body }): Promise<LeaseAnswer | null> => {
        if (verb !== 'next') return null;
        const event = await world.publications().completionOf(String(body.finished));
        observe();
        words = { ...host.words, EXECUTOR: String(findExecutor?.() ?? executor.pid) };
        if (number > 0) judge(current, event, executor.pid);
        checkpoint = event.newState?.checkpoint ?? checkpoint;
        const next = number === 0 ? current : further.shift();
        if (next === undefined) return { status: 200, body: { assignment: null } };
        current = next;
        number += 1;
        return { status: 200, body: { assignment: grantFor(next, number).assignment } };
      };
    },
  });
  const { code, log } = await executor.ended;
  const storedSecret = [...api.objects.values()].some((bytes) => bytes.includes(host.secretBytes.subarray(0, 32)));
  return { differences, code, log, leftovers: executor.leftovers(), storedSecret };
}
