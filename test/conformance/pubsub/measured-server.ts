import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { startPubsubServer } from '../../../local/pubsub/server.ts';

/**
 * A server as a process of its own that tells its heap: `measured-server.ts [<folder>]`, started with an IPC channel and
 * `--expose-gc`. Sends its port, and answers each message with the bytes that are in use after a collection.
 */
const [dataDir] = process.argv.slice(2);
const server = await startPubsubServer(dataDir === undefined ? {} : { dataDir });
process.on('message', async () => {
  // What the last calls held is let go over some turns.
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ bytes: heapUsed + external });
});
process.on('disconnect', () => process.exit());
process.send?.({ port: server.port });
