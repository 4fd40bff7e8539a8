import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningPubsubServer, startPubsubServer } from '../../../local/pubsub/server.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { createGeneratedClients, type GeneratedClients } from './pubsub-fixture.ts';

/** One process' worth of a server, with clients of its own. */
export interface Life extends GeneratedClients {
  readonly server: RunningPubsubServer;
}

/** A server on one folder that ends and starts again when the test says so; its time stands still meanwhile. */
export interface ServerLives {
  readonly dataDir: string;
  readonly clock: ManualClock;
  /** Ends the life before, if there is one. */
  next(): Promise<Life>;
  /** Ends the life that is, and leaves the folder. */
  end(): Promise<void>;
  close(): Promise<void>;
}

export async function createServerLives(): Promise<ServerLives> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pubsub-data-'));
  const clock = createManualClock();
  let life: Life | undefined;
  const end = async () => {
    await Promise.all([life?.publisher.close(), life?.subscriber.close()]);
    await life?.server.close();
    life = undefined;
  };
  return {
    dataDir,
    clock,
    async next() {
      await end();
      const server = await startPubsubServer({ dataDir, clock });
      life = { server, ...createGeneratedClients(server) };
      return life;
    },
    end,
    async close() {
      await end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
