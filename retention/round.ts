import { PipelineError } from '../execution/pipeline-error.ts';
import type { RoundReport } from '../execution/retention-report.ts';
import type { Log } from '../logging/logger.ts';
import { collectExecutions, collectOldObjects } from './collect-leftovers.ts';
import type { RetentionPorts } from './ports.ts';
import { addTally, nothingRemoved, tallyOf } from './tally.ts';
import { type RetentionPolicy, type Tended, tendSession } from './tend-session.ts';

const pageSize = 100;

/**
 * One round over everything. A session that fails does not keep the others from being seen to. May be killed anywhere, and may
 * run several times at once.
 */
export async function runRound(ports: RetentionPorts, policy: RetentionPolicy, log: Log): Promise<RoundReport> {
  const problems: string[] = [];
  let removed = nothingRemoved;
  const counts = { sessions: 0, expired: 0, thinned: 0, forgotten: 0 };
  const known = new Set<string>();
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      const failure = PipelineError.from(error, 'google/failed');
      problems.push(`${what}: ${failure.message}`);
      log('ERROR', 'not seen to', { what, error: failure });
      return null;
    }
  };
  const note = (tended: Tended | null) => {
    if (tended === null) return;
    removed = addTally(removed, tallyOf(tended.removed));
    if (tended.expired) counts.expired += 1;
    counts.thinned += tended.thinned;
    if (tended.forgotten) counts.forgotten += 1;
    if (tended.problem !== null) {
      problems.push(tended.problem);
      log('ERROR', 'left as it is', { sessionId: tended.sessionId, problem: tended.problem });
    }
  };

  // Before the sessions: what is no session's by then has none in this round.
  const folders = await ports.listFolders('sessions/');
  let after: string | undefined;
  for (;;) {
    const page = await ports.listSessions(pageSize, after);
    for (const session of page) {
      counts.sessions += 1;
      known.add(session.sessionId);
      note(await attempt(session.sessionId, () => tendSession(session.sessionId, ports, policy)));
    }
    after = page.at(-1)?.sessionId;
    if (page.length < pageSize) break;
  }
  for (const folder of folders.filter((one) => !known.has(one))) {
    note(await attempt(folder, () => tendSession(folder, ports, policy)));
  }
  const executions = await attempt('executions/', () => collectExecutions(ports, policy));
  const uploads = await attempt('uploads/', () => collectOldObjects(ports, policy));
  for (const more of [executions, uploads]) removed = addTally(removed, more ?? nothingRemoved);
  return { dryRun: policy.dryRun, ...counts, removedObjects: removed.objects, removedBytes: removed.bytes, problems };
}
