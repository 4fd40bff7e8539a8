import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { topics } from '../infra/topology.ts';
import type { ReplayRequest } from '../schemas/generated/messages.ts';
import type { ClientPorts } from './client-ports.ts';
import { sendMessage } from './send-message.ts';

/** Asks the dead-letter service for one thing and waits until the dead letter's record has a verdict on it. */
export async function askForVerdict<T>(
  ports: ClientPorts,
  request: ReplayRequest,
  readVerdict: (record: DeadLetterRecord) => T | null,
  waitMs: number,
): Promise<T> {
  const { replayId, deadLetterId, verb = 'replay' } = request;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  promise.catch(() => {}); // publishing may fail first
  const onRecord = (record: DeadLetterRecord | null) => {
    const verdict = record === null ? null : readVerdict(record);
    if (verdict !== null) resolve(verdict);
  };
  const stop = ports.watchDeadLetter(deadLetterId, onRecord, reject);
  const timeout = () => reject(new PipelineError('client/timeout', `no ${verb} of ${deadLetterId} in ${waitMs} ms`));
  const timer = setTimeout(timeout, waitMs);
  try {
    await sendMessage(ports, topics.replays, { name: 'replay-request.v1', message: request, id: replayId });
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
