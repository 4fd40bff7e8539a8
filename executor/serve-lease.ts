import process from 'node:process';
import type { Assignment, ClaimGrant } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { Log } from '../logging/logger.ts';
import type { ExecutorConfig } from './config.ts';
import type { ExecutorContext } from './executor-context.ts';
import { LeaseKeeper } from './keep-lease.ts';
import type { LeaseClient } from './lease-client.ts';
import { findCgroupHome } from './limits/cgroup.ts';
import { makeOutputPipes } from './output/output-pipes.ts';
import { type ExecutorPublisher, publishCompletion } from './publishing.ts';
import { runExecution } from './run-execution.ts';
import { createSessionFolders, removeSessionFolders } from './session-folders.ts';
import { shutdownPlan } from './shutdown.ts';
import type { Cancellation } from './stops.ts';
import { TmpRestorer } from './tmp/restore-tmp.ts';
import { chooseWall } from './walls/choose-wall.ts';
import { StandingWall } from './walls/standing-wall.ts';

export interface GrantedLease {
  readonly config: ExecutorConfig;
  readonly client: LeaseClient;
  readonly grant: ClaimGrant;
  /** `performance.now()` when the claim was sent. */
  readonly claimSentAt: number;
  readonly stagesBefore: { readonly launchMs: number; readonly bootMs: number };
  /** Aborted when this process is to end; its reason is a `Shutdown`. */
  readonly shutdown: AbortSignal;
  /** Begins to load Google's client at the first call. */
  publisher(): ExecutorPublisher;
  readonly log: Log;
}

/** How long the completion event is tried: as long as somebody may wait for it. */
const publishPatienceMs = 10 * 60_000;

/**
 * Runs the executions of a lease until no more come. Rejects with `lease/…` when the lease is lost on the way: the command
 * is dead then, and nothing was published for it.
 */
export async function serveLease(lease: GrantedLease): Promise<void> {
  const { config, client, grant } = lease;
  const wall = chooseWall(config.wall, process.pid, config.commandUid);
  const folders = await createSessionFolders(config.scratch, wall.owner);
  let standingWall: StandingWall | null = null;
  try {
    await makeOutputPipes(folders.pipes, wall.owner);
    standingWall = new StandingWall(wall, {
      folders,
      tmpMb: grant.assignment.limits.tmpMb,
      withNetwork: asksForNetwork(grant.assignment),
    });
    const context: ExecutorContext = {
      wall,
      standingWall,
      folders,
      tmp: new TmpRestorer(wall, folders),
      lease: client,
      epoch: grant.epoch,
      cgroupHome: findCgroupHome(),
      graceMs: config.graceMs,
      traceparent: config.traceparent,
      publisher: () => lease.publisher(),
      now: () => Date.now(),
    };
    let assignment: Assignment | null = grant.assignment;
    let stagesBefore: ExecutionStagesBefore = lease.stagesBefore;
    let renewedAt = lease.claimSentAt;
    while (assignment !== null) {
      await runAndPublish(assignment, stagesBefore, renewedAt, lease, context);
      const finished = assignment.executionId;
      renewedAt = performance.now();
      stagesBefore = {};
      assignment = await nextAssignment(finished, lease);
      if (assignment === null) await release(finished, lease);
    }
  } finally {
    await standingWall?.close();
    await removeSessionFolders(folders);
  }
}

/** A request that is read later may ask for one too; the wall is then raised again. */
const asksForNetwork = ({ request }: Assignment): boolean =>
  request.kind === 'inline' && (request.request.network ?? 'none') !== 'none';

type ExecutionStagesBefore = { readonly launchMs?: number; readonly bootMs?: number };

async function runAndPublish(
  assignment: Assignment,
  stagesBefore: ExecutionStagesBefore,
  renewedAt: number,
  { client, grant, shutdown, log }: GrantedLease,
  context: ExecutorContext,
): Promise<void> {
  const { executionId, generation } = assignment;
  const cancelled = new AbortController();
  const fenced = new AbortController();
  const cancel = (cancellation: Cancellation) => cancelled.abort(cancellation);
  const onShutdown = () => cancel({ by: 'shutdown' });
  if (shutdown.aborted) onShutdown();
  else shutdown.addEventListener('abort', onShutdown, { once: true });
  const events = {
    cancelled: (reason: string) => cancel({ by: 'request', reason }),
    lost: (why: string) => fenced.abort(new PipelineError('lease/expired', why)),
  };
  const keeper = new LeaseKeeper(client, executionId, grant, events, renewedAt);
  try {
    const run = { assignment, stagesBefore, shutdown, cancelled: cancelled.signal, fenced: fenced.signal };
    const event = await runExecution(run, context);
    const patienceMs = shutdown.aborted ? shutdownPlan.publishMs : publishPatienceMs;
    await publishCompletion(assignment, event, context, { patienceMs, fenced: fenced.signal });
    log('INFO', 'execution finished', { executionId, generation, status: event.status, stages: event.stages });
  } finally {
    keeper.stop();
    shutdown.removeEventListener('abort', onShutdown);
  }
}

/** Once the result is published, a dispatcher that cannot be reached only means that there is nothing more to do. */
async function nextAssignment(finished: string, { client, config, shutdown, log }: GrantedLease) {
  if (shutdown.aborted) return null;
  const ended = Promise.withResolvers<null>();
  const end = () => ended.resolve(null);
  shutdown.addEventListener('abort', end);
  try {
    const answer = client.next({ finished, waitMs: config.lingerMs }, shutdown);
    answer.catch(() => {}); // after a shutdown nobody waits for it
    return (await Promise.race([ended.promise, answer]))?.assignment ?? null;
  } catch (error) {
    log('INFO', 'no further execution could be asked for', { error });
    return null;
  } finally {
    shutdown.removeEventListener('abort', end);
  }
}

async function release(finished: string, { client, shutdown, log }: GrantedLease): Promise<void> {
  try {
    await client.release({ finished }, shutdown);
  } catch (error) {
    // The lease ends with the result that was published, and by itself.
    log('DEBUG', 'the lease was not released', { error });
  }
}
