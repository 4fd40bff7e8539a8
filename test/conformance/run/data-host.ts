/** A host of the server that a test can kill: keeps its state in a folder and prints its port. */
import { argv, stdout } from 'node:process';
import { startRunServer } from '../../../local/run/server.ts';

const [scratchDir = '', dataDir = ''] = argv.slice(2);
const quotas = { runJobPerMinute: 100_000, runningExecutions: 100_000 };
const { port } = await startRunServer({ scratchDir, dataDir, quotas });
stdout.write(`${port}\n`);
