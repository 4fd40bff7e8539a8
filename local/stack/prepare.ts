import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { executorEnvironment } from '../../configuration/executor-environment.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { writeSecret } from '../secret-file.ts';
import { localJob } from '../servers.ts';
import { readStackKeys } from '../stack-keys.ts';
import { awaitServers } from './await-servers.ts';
import { provision } from './provision.ts';

/**
 * `node local/stack/prepare.ts --state FOLDER`: waits for the servers that the environment leads to, creates in them what
 * a deployment creates, and leaves the keys of the services in `FOLDER/services.env`, for `node --env-file`. May be run again.
 */

const { values } = parseArgs({ options: { state: { type: 'string' } } });
const state = values.state;
if (state === undefined) {
  process.stderr.write('prepare: name the folder of the state: --state FOLDER\n');
  process.exit(2);
}

const upWithinMs = 120_000;

const { endpoints } = readGoogleConfig(process.env);
const { pubsub, firestore, run, storage } = endpoints;
const missing = Object.entries({ pubsub, firestore, run, storage }).flatMap(([name, one]) => (one ? [] : [name]));
if (missing.length > 0) {
  // Without an address Google's clients would go to Google.
  process.stderr.write(`prepare: no address of ${missing.join(', ')}: it makes nothing in a project of Google Cloud\n`);
  process.exit(2);
}

const { hostname, port } = new URL(storage ?? '');
await awaitServers(
  {
    ...(pubsub && { 'Pub/Sub': pubsub }),
    ...(firestore && { Firestore: firestore }),
    ...(run && { 'Cloud Run': run }),
    Storage: { host: hostname, port: Number(port) },
  },
  upWithinMs,
);
await provision(process.env, {
  job: process.env.SANDBUS_JOB || localJob,
  executorEnv: executorEnvironment(process.env),
});
const keys = Object.entries(readStackKeys(state)).map(([name, key]) => `${name}=${key}\n`);
writeSecret(join(state, 'services.env'), keys.join(''));
process.stdout.write('prepared: topics, subscriptions, bucket, job and keys\n');
