import { startFirestoreServer } from '../../local/firestore/server.ts';

/** A local Firestore as a process of its own, for tests that kill it: `serve-firestore.ts <dataDir> <port>`. */
const [dataDir = '', port = ''] = process.argv.slice(2);
await startFirestoreServer({ dataDir, port: Number(port) });
process.stdout.write('listening\n');
