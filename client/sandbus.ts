import type { ClientPorts } from './client-ports.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { createExecutions, type Executions } from './executions.ts';
import { createOpenWork } from './open-work.ts';
import { requireRecordId } from './record-id.ts';
import { Session } from './session.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { StartContext } from './start-execution.ts';
import { type SweepOptions, type SweepReport, sweepNow } from './sweep.ts';
import { createTenants, type Tenants } from './tenants.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

/** A deployment of sandbus as a program sees it: sessions to run commands in, and the records of what ran. */
export class SandbusClient {
  readonly executions: Executions;
  readonly sessions: Sessions;
  readonly deadLetters: DeadLetters;
  readonly webhooks: Webhooks;
  readonly tenants: Tenants;
  readonly #context: StartContext;

  constructor(ports: ClientPorts) {
    this.#context = { ports, work: createOpenWork() };
    this.executions = createExecutions(ports);
    this.sessions = createSessions(ports);
    this.deadLetters = createDeadLetters(ports);
    this.webhooks = createWebhooks(ports);
    this.tenants = createTenants(ports);
  }

  /** A session by its name. Nothing is sent: the session begins with its first command. */
  session(id: string): Session {
    return new Session(id, this.#context);
  }

  /** Outcomes as they are stored, of all sessions or of one. */
  events({ sessionId }: { readonly sessionId?: string } = {}): EventStream {
    const filter = sessionId === undefined ? '' : `attributes.sessionId = "${requireRecordId('sessionId', sessionId)}"`;
    return openEventStream(this.#context, filter);
  }

  /** Asks for one round of the sweep and tells what it found and what became of it. */
  sweep(options: SweepOptions = {}): Promise<SweepReport> {
    return sweepNow(this.#context.ports, options);
  }

  /** Stops waiting and listening and closes the connections. Executions go on; whoever waits for one is told, and every later call rejects with client/closed. */
  async close(): Promise<void> {
    await this.#context.work.close();
    await this.#context.ports.close();
  }
}
