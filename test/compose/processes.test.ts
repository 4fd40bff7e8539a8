import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Sandbus } from '../../client/index.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { topics } from '../../infra/topology.ts';
import { until } from '../support/until.ts';
import { type Emulators, onEachPair } from './on-each-pair.ts';
import { type ProcessesOfCompose, runCompose } from './run-compose.ts';

onEachPair('the programs of compose.yaml as processes', (start) => {
  let emulators: Emulators;
  let compose: ProcessesOfCompose;
  let sandbus: Sandbus;
  beforeAll(async () => {
    emulators = await start();
    compose = await runCompose(emulators);
    sandbus = new Sandbus({ env: compose.clientEnv });
  }, 180_000);
  afterAll(async () => {
    await sandbus?.close();
    await compose?.close();
    await emulators?.close();
  }, 120_000);

  it('run a session of two commands, files included, behind bubblewrap', async () => {
    const session = sandbus.session('s1');
    await session.exec('mkdir -p /workspace/app && cd /workspace/app && export STAGE=test');
    await session.files.write('app/note', 'hello\n');
    const result = await session.exec('pwd; echo $STAGE; cat note; exit 3');
    expect(result).toMatchObject({ exitCode: 3, stdout: '/workspace/app\ntest\nhello\n', wall: 'bubblewrap' });
  }, 120_000);

  it('keep what cannot be processed as a dead letter', async () => {
    const pubsub = createPubsubClient(readGoogleConfig(compose.clientEnv));
    const json = { executionId: 'broken-1', sessionId: 's1', comand: 'echo hi' };
    await pubsub.topic(topics.requests).publishMessage({ json });
    await pubsub.close();
    const [letter] = await until('the dead letter', async () => {
      const letters = await sandbus.deadLetters.list();
      return letters.length === 0 ? null : letters;
    });
    expect(letter).toMatchObject({ code: 'message/invalid', state: 'open' });
  }, 120_000);

  it('finish on SIGTERM with code 0', async () => {
    expect(await compose.stop()).toEqual({
      ...{ dispatcher: 0, 'result-collector': 0, 'dead-letter': 0, schedule: 0 },
      ...{ 'cloud-run': 0, storage: 0 },
    });
  }, 120_000);
});
