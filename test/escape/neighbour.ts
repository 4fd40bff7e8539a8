import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorWorld } from '../executor/support/executor-world.ts';
import { until } from '../support/until.ts';

/** A session of the same user that works beside the hostile one. */
export interface Neighbour {
  readonly secret: string;
  /** On the host. */
  readonly workspace: string;
  /** Cancels its command, and gives what it then still has. */
  end(): Promise<{ readonly kind: string; readonly stdout: string }>;
}

/** Starts it: its command keeps a secret in its workspace until it is told to say it. */
export async function startNeighbour(world: ExecutorWorld, uid: number | null): Promise<Neighbour> {
  const secret = `neighbour-${randomUUID()}`;
  let isOver = false;
  const { executor, event } = await world.start({
    request: {
      sessionId: 's-2',
      command: `echo ${secret} > secret; trap 'cat secret; exit 0' TERM; while :; do sleep 0.2; done`,
    },
    // As long as all the others take here.
    limits: { timeoutMs: 900_000, idleOutputMs: 900_000, cpuMs: 900_000 },
    heartbeatMs: 200,
    ...(uid !== null && { uid }),
    direct: (api) => {
      api.answer = ({ verb }) =>
        verb === 'heartbeat' ? { status: 200, body: { cancelReason: isOver ? 'enough' : null } } : null;
    },
  });
  const workspace = await until('the secret of the neighbour', () => {
    const folder = readdirSync(executor.scratch).find((name) => name.startsWith('executor-'));
    const path = join(executor.scratch, folder ?? '', 'workspace');
    return folder !== undefined && contains(path, 'secret') ? path : null;
  });
  return {
    secret,
    workspace,
    async end() {
      isOver = true;
      const { outcome, stdout } = await event();
      return { kind: outcome.kind, stdout };
    },
  };
}

function contains(folder: string, name: string): boolean {
  try {
    return readdirSync(folder).includes(name);
  } catch {
    return false; // the executor has not made it yet
  }
}
