import process from 'node:process';
import { Readable } from 'node:stream';
import { Sandbus } from '../../client/index.ts';

/*
 * Sends so many MiB of input to a command from a stream, in a process of its own, and prints as JSON what came of it and how far
 * the memory of this process went beyond what it took for a first, short command.
 */
const [, , sessionId = '', mib = '0'] = process.argv;
const piece = Buffer.alloc(64 * 1024, 'x');
const pieces = Number(mib) * 16;

async function* input() {
  for (let n = 0; n < pieces; n += 1) yield piece;
}

const sandbus = new Sandbus();
const session = sandbus.session(sessionId);
await session.exec('cat', { stdin: 'short' });
const before = process.resourceUsage().maxRSS;
const { stdout } = await session.exec('wc -c', { stdin: Readable.from(input(), { objectMode: false }) });
const grownMib = Math.round((process.resourceUsage().maxRSS - before) / 1024);
process.stdout.write(JSON.stringify({ counted: stdout.trim(), grownMib }));
await sandbus.close();
