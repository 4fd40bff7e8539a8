import { startStorageServer } from '../../../local/storage/server.ts';

/** A program of its own, so that a test can kill it: `node serve-data-folder.ts FOLDER PORT`. */
const [dataDir = '', port = ''] = process.argv.slice(2);
await startStorageServer({ dataDir, port: Number(port), signers: [] });
process.stdout.write('serving\n');
