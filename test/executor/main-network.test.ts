import { describe, expect, it } from '@jest/globals';
import { useExecutors } from './support/executor-world.ts';

const world = useExecutors();

describe('a request', () => {
  it('for a network has a proxy that keeps the metadata server closed, and its result tells what was refused', async () => {
    const command = 'curl -sS -w "%{http_code}" --max-time 20 http://169.254.169.254/ http://metadata.google.internal/';
    const { event } = await world.run({ request: { command, network: 'internet' } });
    expect(event).toMatchObject({
      outcome: { kind: 'exited' },
      stdout: expect.stringMatching(
        /^sandbus: 169\.254\.169\.254 is not an address of the internet.*\n403sandbus: metadata\.google\.internal .*\n403$/,
      ),
      wall: 'bubblewrap',
      network: {
        refused: [
          { host: '169.254.169.254', port: 80, reason: 'not-public', count: 1 },
          { host: 'metadata.google.internal', port: 80, reason: 'not-public', count: 1 },
        ],
        more: 0,
      },
    });
  });

  it('for a network has it for this command alone', async () => {
    const first = await world.run({
      request: { command: 'echo $https_proxy $NO_PROXY', network: { allow: [{ host: 'a.example.com' }] } },
    });
    expect(first.event).toMatchObject({
      stdout: 'http://127.0.0.1:3128 localhost,127.0.0.1,::1\n',
      network: { refused: [], more: 0 },
      newState: { env: { set: {} } },
    });
    const second = await world.run({
      request: { command: 'env | grep -ci proxy; : 3<>/dev/tcp/127.0.0.1/3128' },
      checkpoint: first.event.newState?.checkpoint ?? null,
      api: first.api,
    });
    expect(second.event).toMatchObject({ stdout: '0\n', stderr: expect.stringContaining('Connection refused') });
    expect(second.event).not.toHaveProperty('network');
  });

  it('for a network that cannot be read is not run', async () => {
    const { event } = await world.run({
      request: { command: 'echo no', network: { allow: [{ cidr: '10.0.0.1/8' }] } },
    });
    expect(event.outcome).toMatchObject({ kind: 'launch-failed', code: 'request/network-not-allowed' });
  });
});
