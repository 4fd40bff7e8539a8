import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Sandbus } from '../client/index.ts';
import { createJsonLog, type Log } from '../logging/logger.ts';
import { containerLauncher, containerPrograms } from './container-launcher.ts';
import { claimFolder, releaseFolder } from './folder-claim.ts';
import { forgetEndpoints } from './forget-endpoints.ts';
import { removeLocalEnv, writeLocalEnv } from './local-env-file.ts';
import { renderEndpoints, renderProof } from './render-welcome.ts';
import { startStack } from './stack.ts';

/** `npm start`: the pipeline on this machine, proved by one command, until Ctrl-C. */

const { values: options } = parseArgs({
  options: {
    /** Where local.env and the log stand; a client finds `.sandbus` in its folder or above. */
    folder: { type: 'string', default: join(import.meta.dirname, '..', '.sandbus') },
    /** Where the state is kept from start to start; in memory without it. */
    data: { type: 'string' },
    /** Runs executors in containers, by docker or podman. Default: as processes of this machine. */
    launcher: { type: 'string' },
  },
});
const folder = options.folder;
const envFile = join(folder, 'local.env');
const logFile = join(folder, 'stack.log');
const proofCommand = 'echo "hello from $(hostname), pid $$ of $(ls -d /proc/[0-9]* | wc -l) processes, uid $(id -u)"';

forgetEndpoints(process.env);

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Everything goes to the log file; what needs attention to the terminal too. */
function openLog(): Log {
  const file = createWriteStream(logFile, { flags: 'w', mode: 0o600 });
  const toFile = createJsonLog('local', (line) => file.write(line), Date.now);
  const toTerminal = createJsonLog('local', (line) => process.stderr.write(line), Date.now);
  return (severity, message, fields) => {
    toFile(severity, message, fields);
    if (severity === 'ERROR') toTerminal(severity, message, fields);
  };
}

const launcher = containerPrograms.find((program) => program === options.launcher);
if (options.launcher !== undefined && launcher === undefined) {
  process.stderr.write(`sandbus: --launcher must be one of ${containerPrograms.join(', ')}\n`);
  process.exit(1);
}
const running = claimFolder(folder, process.pid);
if (running !== null) {
  process.stderr.write(`sandbus: a local stack runs already in ${folder} (process ${running}); stop it first.\n`);
  process.exit(1);
}

say('sandbus: starting Pub/Sub, Firestore, Storage, Cloud Run and the services …');
const started = performance.now();
// Even a start that fails gives the folder back.
process.on('exit', () => {
  removeLocalEnv(envFile);
  releaseFolder(folder, process.pid);
});
const stack = await startStack({
  log: openLog(),
  retentionEveryMs: 60_000,
  ...(options.data !== undefined && { dataDir: options.data }),
  ...(launcher !== undefined && { env: containerLauncher(launcher, process.env) }),
});
// With the key, "sandbus webhooks secret" works here as it does for the operator of a deployment.
const { SANDBUS_WEBHOOK_KEY = '' } = stack.env;
writeLocalEnv(envFile, { ...stack.clientEnv, SANDBUS_WEBHOOK_KEY });

let stopping = false;
async function stop(code: number): Promise<never> {
  if (stopping) process.exit(1);
  stopping = true;
  say('\nsandbus: stopping …');
  await stack.close();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

say(`sandbus is up after ${Math.round(performance.now() - started)} ms; its variables are in ${envFile}:\n`);
say(renderEndpoints(stack.clientEnv));
say('\nOne command through the whole pipeline:\n');
const client = new Sandbus({ env: stack.clientEnv });
try {
  const result = await client.session('welcome').exec(proofCommand);
  say(renderProof(proofCommand, result));
  if (result.status !== 'succeeded') {
    process.stderr.write(`sandbus: the command should have succeeded: ${JSON.stringify(result.outcome)}\n`);
    await stop(1);
  }
} finally {
  await client.close();
}
say("\nNow, in another terminal:  npm run --silent sandbus -- exec --session s1 -- 'echo hi'");
say(`The log is ${logFile}. Ctrl-C stops everything.`);
