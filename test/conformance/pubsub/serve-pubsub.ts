import { startPubsubServer } from '../../../local/pubsub/server.ts';

/** A server as a process of its own, to be killed: `serve-pubsub.ts <folder> <port>`. */
const [dataDir = '', port = ''] = process.argv.slice(2);
await startPubsubServer({ dataDir, port: Number(port) });
process.stdout.write('serving\n');
