import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { RunningServer } from '../../../local/grpc-server.ts';

/**
 * One local server as a process of its own, to be killed: `serve.ts <pubsub|firestore|storage|run> <folder>`. Prints
 * `starting` when its code is loaded, and `{"port":…}` when it listens. Ends with the process that started it.
 */
const [server = '', folder = ''] = process.argv.slice(2);
const dataDir = join(folder, 'data');
const quotas = { runJobPerMinute: 1_000_000, runningExecutions: 1_000_000 };

/** Loads what one server needs, so that a life begins soon. */
const load: Readonly<Record<string, () => Promise<() => Promise<Pick<RunningServer, 'port'>>>>> = {
  async pubsub() {
    const { startPubsubServer } = await import('../../../local/pubsub/server.ts');
    return () => startPubsubServer({ dataDir });
  },
  async firestore() {
    const { startFirestoreServer } = await import('../../../local/firestore/server.ts');
    return () => startFirestoreServer({ dataDir });
  },
  async storage() {
    const { startStorageServer } = await import('../../../local/storage/server.ts');
    return () => startStorageServer({ dataDir, signers: [] });
  },
  async run() {
    const { startRunServer } = await import('../../../local/run/server.ts');
    return () => startRunServer({ dataDir, scratchDir: join(folder, 'scratch'), quotas });
  },
};

process.stdin.resume().once('close', () => process.exit());
const start = await load[server]?.();
if (start === undefined) throw new Error(`there is no server "${server}"`);
process.stdout.write('starting\n');
const { port } = await start();
process.stdout.write(`${JSON.stringify({ port })}\n`);
// The next lives load faster.
flushCompileCache();
