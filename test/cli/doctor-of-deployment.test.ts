import { describe, expect, it } from '@jest/globals';
import { parseDoctor } from '../../cli/doctor.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { subscriptions, topics } from '../../infra/topology.ts';
import { useStack } from '../support/stack.ts';
import { runSandbus } from './run-sandbus.ts';

interface Found {
  readonly kind: string;
  readonly name: string;
  readonly result: string;
  readonly found: string;
}

describe('sandbus doctor of a deployment', () => {
  const stack = useStack();
  const examine = async (...args: readonly string[]) => {
    const env = { ...stack().stack.clientEnv };
    const { GOOGLE_CLOUD_PROJECT: project = '' } = env;
    return await runSandbus(['doctor', '--project', project, '--json', ...args], { env });
  };

  it('finds every topic and subscription as it should be, and runs a command through all of it', async () => {
    const { code, stdout } = await examine();
    const { found }: { readonly found: readonly Found[] } = JSON.parse(stdout);
    expect(found.filter(({ result }) => result !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect(found).toHaveLength(Object.keys(topics).length + Object.keys(subscriptions).length + 1);
    expect(found.at(-1)).toMatchObject({
      kind: 'command',
      found: expect.stringMatching(/^wall bubblewrap; .*launch .*run /),
    });
  });

  it('tells what is missing, what is different, and that a command does not come back', async () => {
    const pubsub = createPubsubClient(readGoogleConfig(stack().stack.clientEnv));
    const { collectorWebhooks, dispatcherRequests } = subscriptions;
    await pubsub.subscription(collectorWebhooks.name).delete();
    await pubsub.subscription(dispatcherRequests.name).setMetadata({ ackDeadlineSeconds: 30 });
    await pubsub.topic(topics.replays).delete();
    await pubsub.close();
    const { code, stdout } = await examine('--wait', '1ms');
    const { found }: { readonly found: readonly Found[] } = JSON.parse(stdout);
    const failed = found.filter(({ result }) => result === 'failed').map(({ name, found: text }) => `${name}: ${text}`);
    expect(code).toBe(1);
    expect(failed).toEqual([
      `${topics.replays}: it is not there`,
      `${dispatcherRequests.name}: its ack deadline is 30 and should be 60`,
      `${collectorWebhooks.name}: it is not there`,
      expect.stringMatching(/^exec-replays-dead-letter: its topic is _deleted-topic_/),
      expect.stringMatching(/^echo: no end within/),
    ]);
  });
});

describe('the arguments of doctor', () => {
  it('are those of a deployment only with its project', () => {
    expect(parseDoctor(['--wait', '5m'])).toEqual({ ok: false, problem: '--bucket and --wait belong to --project' });
    expect(parseDoctor(['--project', 'p', '--wait', '5m'])).toEqual({
      ok: true,
      value: { json: false, deployment: { project: 'p', bucket: null, waitMs: 300_000 } },
    });
    expect(parseDoctor([])).toEqual({ ok: true, value: { json: false, deployment: null } });
  });
});
