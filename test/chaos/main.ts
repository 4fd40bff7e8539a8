import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { forgetEndpoints } from '../../local/forget-endpoints.ts';
import { projectRoot } from '../support/run-program.ts';
import { isClean, renderLedger } from './ledger.ts';
import { drawPicture } from './picture.ts';
import { runChaos } from './run-chaos.ts';

/*
 * Kills the processes of a loaded pipeline at random and takes stock at the end:
 *
 *   npm run chaos -- [--minutes 10] [--kill-every 5s] [--sessions 6] [--seed 1] [--picture .sandbus/chaos.svg] [--smoke]
 *
 * Ends with 1 when anything was lost, run twice or got stuck. The seed chooses what is asked and who is killed; when
 * each process gets its turn is the machine's.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'kill-every': { type: 'string', default: '5s' },
    sessions: { type: 'string', default: '6' },
    seed: { type: 'string' },
    picture: { type: 'string', default: join(projectRoot, '.sandbus', 'chaos.svg') },
    /** Twenty seconds. */
    smoke: { type: 'boolean', default: false },
  },
});

function positive(name: string, text: string): number {
  const value = Number(text.replace(/s$/, ''));
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`--${name} must be a number above 0, not ${JSON.stringify(text)}\n`);
  process.exit(2);
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const loadMs = values.smoke ? 20_000 : positive('minutes', values.minutes) * 60_000;
const killEveryMs = values.smoke ? 2500 : positive('kill-every', values['kill-every']) * 1000;
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : positive('seed', values.seed);
const sessions = positive('sessions', values.sessions);
const settleMs = 180_000;

forgetEndpoints(process.env);
// Ends the programs that were started too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
const folder = mkdtempSync(join(tmpdir(), 'sandbus-chaos-'));
const started = performance.now();
const { ledger, samples, kills, ownEnds } = await runChaos({
  folder,
  loadMs,
  killEveryMs,
  settleMs,
  sessions,
  seed,
  say,
});
const took = Math.round((performance.now() - started) / 1000);
mkdirSync(dirname(values.picture), { recursive: true });
writeFileSync(values.picture, drawPicture(samples, kills, `${kills.length} kills in ${took} s, seed ${seed}`));

say(`\n${kills.length} kills, ${took} s, seed ${seed}`);
say(renderLedger(ledger));
for (const [name, count] of Object.entries(ownEnds)) if (count > 0) say(`${name} ended by itself ${count} times`);
say(`picture: ${values.picture}`);
if (isClean(ledger)) rmSync(folder, { recursive: true, force: true });
else say(`kept: ${folder} (logs, data)`);
process.exit(isClean(ledger) ? 0 : 1);
