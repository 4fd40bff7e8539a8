import { PipelineError } from '../execution/pipeline-error.ts';
import { topics } from '../infra/topology.ts';
import type { ClientPorts } from './client-ports.ts';
import { requireRecordId } from './record-id.ts';
import { requireLimit } from './require-limit.ts';
import { sendMessage } from './send-message.ts';
import { describeSession, type SessionInfo } from './session-history.ts';

/** What asking for a session to be closed came to. */
export interface SessionClosing {
  readonly sessionId: string;
  /** False when it was closed before. */
  readonly closing: boolean;
  /** The execution whose turn it is; null when none has it. */
  readonly active: string | null;
  /** How many wait behind it. */
  readonly waiting: number;
}

/** The sessions of the project, by their records. */
export interface Sessions {
  /**
   * Asks for a session to take no more commands; what it has accepted still runs. Resolves once the request is stored.
   * Rejects with control/unknown-session when there is no such session.
   */
  close(sessionId: string): Promise<SessionClosing>;
  /** Those that were used last first; 20 unless `limit` says otherwise. */
  list(query?: { readonly limit?: number; readonly before?: Date }): Promise<readonly SessionInfo[]>;
}

export function createSessions(
  ports: Pick<ClientPorts, 'getSession' | 'listSessions' | 'publish' | 'now' | 'newId'>,
): Sessions {
  return {
    async close(sessionId) {
      const session = await ports.getSession(requireRecordId('sessionId', sessionId));
      if (session === null || session.state === 'deleted') {
        throw new PipelineError('control/unknown-session', `there is no session ${JSON.stringify(sessionId)}`);
      }
      const closing = session.state === 'open';
      if (closing) {
        const message = { sessionId, action: { kind: 'close-session' as const } };
        await sendMessage(ports, topics.control, {
          name: 'exec-control.v1',
          ...{ message, id: ports.newId(), orderingKey: sessionId },
        });
      }
      const held = (session.held ?? []).filter(({ isCancelled }) => !isCancelled).length;
      return { sessionId, closing, active: session.active, waiting: session.queued.length + held };
    },
    async list({ limit = 20, before } = {}) {
      const found = await ports.listSessions({
        limit: requireLimit(limit),
        ...(before !== undefined && { before: before.getTime() }),
      });
      return found.flatMap((session) => describeSession(session) ?? []);
    },
  };
}
