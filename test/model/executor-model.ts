import {
  handleClaim,
  handleHeartbeat,
  type LeaseApiPolicy,
  type LeaseApiPorts,
} from '../../dispatcher/lease-api/handle.ts';
import type { ClaimGrant } from '../../execution/lease-protocol.ts';
import { endWithoutExecutor } from '../../execution/synthetic-event.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import { deriveLaunchSecret } from '../../signing/keys.ts';

/**
 * A job that was started for a lease: what an executor does, one step at a time, and it may stop after any of them. It does
 * nothing more once its own clock says that the lease is over.
 */
export interface ModelJob {
  readonly leaseId: string;
  /** Claims, runs, publishes. False when there is nothing more to do. */
  step(): Promise<boolean>;
  /** Renews the lease; one that is refused says nothing more. */
  heartbeat(): Promise<void>;
}

export interface JobWorld {
  readonly ports: LeaseApiPorts;
  /** The executor's own clock, which is never set. */
  readonly elapsed: () => number;
  readonly policy: LeaseApiPolicy;
  /** The command takes effect. */
  run(executionId: string): void;
  publish(event: CompletionEvent): void;
}

export function startModelJob(leaseId: string, owner: string, world: JobWorld): ModelJob {
  const { ports, policy, elapsed } = world;
  let renewedAt = 0;
  let state: 'started' | 'claimed' | 'ran' | 'over' = 'started';
  let grant: ClaimGrant | null = null;

  async function claim(): Promise<void> {
    const caller = { leaseId, secret: deriveLaunchSecret(policy.leaseKey, leaseId) };
    renewedAt = elapsed();
    const answer = await handleClaim(caller, { owner, cloudRunExecution: null }, ports, policy);
    grant = answer.kind === 'ok' ? answer.body : null;
    state = grant === null ? 'over' : 'claimed';
  }

  return {
    leaseId,
    async step() {
      if (state === 'started') await claim();
      else if (elapsed() >= renewedAt + policy.leaseMs) state = 'over';
      else if (state === 'claimed' && grant !== null) {
        world.run(grant.assignment.executionId);
        state = 'ran';
      } else if (state === 'ran' && grant !== null) {
        const { assignment, epoch } = grant;
        const launch = {
          generation: assignment.generation,
          leaseId,
          epoch,
          attempt: 1,
          launchedAt: assignment.launchedAt,
        };
        const finishedAt = new Date(ports.now()).toISOString();
        world.publish(endWithoutExecutor(assignment, launch, { kind: 'exited', exitCode: 0 }, finishedAt));
        state = 'over';
      }
      return state !== 'over';
    },
    async heartbeat() {
      if (grant === null || state === 'over') return;
      const sentAt = elapsed();
      const answer = await handleHeartbeat({ leaseId, secret: grant.secret }, ports, policy);
      if (answer.kind === 'refused') state = 'over';
      else renewedAt = sentAt;
    },
  };
}
