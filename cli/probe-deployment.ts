import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { Sandbus } from '../client/index.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { readGoogleConfig } from '../gcp/google-config.ts';
import { type ProbedThing, probeTopology } from '../gcp/pipeline-probe.ts';
import { createPubsubClient } from '../gcp/pubsub-client.ts';
import { subscriptions, topics } from '../infra/topology.ts';
import { exitCodes } from './exit-code.ts';
import { renderTable } from './render-table.ts';
import { renderDuration } from './render-time.ts';
import type { Terminal } from './terminal.ts';

export interface ProbeCall {
  readonly json: boolean;
  readonly project: string;
  readonly bucket: string | null;
  /** How long the command may take from its publication to its end. */
  readonly waitMs: number;
}

interface ProbedCommand {
  readonly kind: 'command';
  readonly name: string;
  readonly result: 'ok' | 'failed';
  readonly found: string;
}

/** Looks at a deployment from outside, as its clients do, and runs a command through all of it. */
export async function probeDeployment(call: ProbeCall, terminal: Terminal): Promise<number> {
  const bucket = call.bucket ?? process.env.SANDBUS_BUCKET ?? `${call.project}-sandbus`;
  const env = { ...process.env, GOOGLE_CLOUD_PROJECT: call.project, SANDBUS_BUCKET: bucket };
  const pubsub = createPubsubClient(readGoogleConfig(env));
  const things = await probeTopology(pubsub, Object.values(topics), Object.values(subscriptions));
  await pubsub.close();
  const found = [...things, await runOneCommand(env, call.waitMs)];
  await terminal.write('stdout', call.json ? `${JSON.stringify({ found })}\n` : render(found, terminal.columns));
  return found.some(({ result }) => result === 'failed') ? exitCodes.failed : exitCodes.ok;
}

const said = 'sandbus doctor';

/** In a session of its own, which is closed after it. */
async function runOneCommand(
  env: Readonly<Record<string, string | undefined>>,
  waitMs: number,
): Promise<ProbedCommand> {
  const sandbus = new Sandbus({ env });
  const sessionId = `doctor-${randomUUID()}`;
  const session = sandbus.session(sessionId);
  const probed = { kind: 'command', name: 'echo' } as const;
  try {
    const { status, stdout, wall, stages, executionId } = await session.exec(`echo '${said}'`, {
      timeoutMs: 60_000,
      signal: AbortSignal.timeout(waitMs),
    });
    const times = Object.entries(stages).map(
      ([stage, ms]) => `${stage.replace(/Ms$/, '')} ${renderDuration(Number(ms))}`,
    );
    const isRight = status === 'succeeded' && stdout === `${said}\n`;
    const found = isRight ? `wall ${wall}; ${times.join(', ')}` : `${status}: sandbus executions show ${executionId}`;
    return { ...probed, result: isRight ? 'ok' : 'failed', found };
  } catch (error) {
    const { code, message } = PipelineError.from(error, 'google/failed');
    const late = `no end within ${renderDuration(waitMs)}: sandbus executions ls says how far it is`;
    return { ...probed, result: 'failed', found: code === 'client/aborted' ? late : message };
  } finally {
    await sandbus.sessions.close(sessionId).catch(() => {});
    await sandbus.close();
  }
}

const words = { ok: 'ok', failed: 'FAILED', 'not-seen': 'not seen' } as const;

function render(found: readonly (ProbedThing | ProbedCommand)[], columns: number | null): string {
  const table = renderTable(
    [{ title: 'RESULT' }, { title: 'WHAT' }, { title: 'NAME' }, { title: 'FOUND', shrinks: true }],
    found.map(({ kind, name, result, found: text }) => [words[result], kind, name, text]),
    columns,
  );
  const unseen = found.some(({ result }) => result === 'not-seen');
  const note = '\nWhat was not seen may be well: whoever looks needs roles/pubsub.viewer to see it.\n';
  return table + (unseen ? note : '');
}
