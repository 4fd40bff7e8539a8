import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';
import { deriveSecretsKey, sealSecrets } from '../../signing/sealed-secrets.ts';
import { secretsPurposeOf } from '../../signing/secrets-purpose.ts';
import { runSandbus } from '../cli/run-sandbus.ts';
import { openPubsub, publishRequest } from '../support/raw-messages.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'secrets-'));
const stack = useStack({ dataDir });
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const newSession = () => stack().sandbus.session(`s-${randomUUID()}`);
/** As text and as base64 would have it, whatever stands before it. */
const traces = (value: string): readonly Buffer[] => [
  Buffer.from(value),
  ...[0, 1, 2].map((shift) =>
    Buffer.from(
      Buffer.concat([Buffer.alloc(shift), Buffer.from(value)])
        .toString('base64')
        .slice(4, -4),
    ),
  ),
];

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('a secret', () => {
  it('is there for its command, masked in what it writes, and gone with it', async () => {
    const session = newSession();
    const secrets = { TOKEN: `value-${randomUUID()}`, PIN: '12345' };
    const first = await session.exec(
      'echo "$TOKEN $PIN"; echo "${#TOKEN}" >&2; export TOKEN KEEP=1; declare -g TOKEN',
      {
        secrets,
      },
    );
    expect([first.stdout, first.stderr]).toEqual(['*** 12345\n', `${secrets.TOKEN.length}\n`]);
    const next = await session.exec('echo "${TOKEN-none} ${PIN-none} $KEEP"');
    expect(next.stdout).toBe('none none 1\n');
  });

  it('is shown where the caller asks for output as it is', async () => {
    const { stdout } = await newSession().exec('echo $TOKEN', { secrets: { TOKEN: 'value-1' }, maskOutput: false });
    expect(stdout).toBe('value-1\n');
  });

  it('is there for a command whose request is too large for a record', async () => {
    const command = `echo "\${#TOKEN}" # ${'x'.repeat(300 * 1024)}`;
    const { stdout } = await newSession().exec(command, { secrets: { TOKEN: 'value-22' } });
    expect(stdout).toBe('8\n');
  });

  it('takes nothing from asking again with the same key', async () => {
    const session = newSession();
    const options = { secrets: { TOKEN: 'value-1' }, idempotencyKey: `k-${randomUUID()}` };
    const [first, again] = [
      await session.exec('echo ${#TOKEN}', options),
      await session.exec('echo ${#TOKEN}', options),
    ];
    expect([again.executionId, again.stdout]).toEqual([first.executionId, first.stdout]);
  });

  it('comes from a variable or a file on the command line, and from no argument', async () => {
    const { clientEnv } = stack().stack;
    const session = `s-${randomUUID()}`;
    const run = (...args: string[]) =>
      runSandbus(['exec', '--session', session, ...args, '--', 'echo ${#A} ${#B}'], {
        env: { ...clientEnv, A: 'value-of-A' },
        stdin: 'value-of-B\n',
      });
    expect(await run('--secret', 'A', '--secret-file', 'B=-')).toMatchObject({ code: 0, stdout: '10 10\n' });
    expect(await run('--secret', 'A=1')).toMatchObject({ code: 2 });
    expect((await run('--secret', 'NOPE')).stderr).toContain('--secret NOPE: there is no such variable');
  });

  it('stands in no file, record, object, message or log, also not of what failed or became a dead letter', async () => {
    const [value, plain] = [`needle-${randomUUID()}`, `control-${randomUUID()}`];
    const session = newSession();
    const given = { secrets: { API_KEY: value }, env: { PLAIN: plain } };
    const failed = await session.exec('echo $API_KEY; export API_KEY; echo $API_KEY >&2; exit 3', given);
    await session.exec('kill -9 $$', given);
    await session.exec(`echo "$API_KEY" ${'#'.repeat(100_000)}`, { ...given, onStdout: () => {} });
    await publishAnother(failed.executionId, session.id, value);

    const files = filesBelow(dataDir);
    const contents = files.map((file) => readFileSync(file));
    const found = (text: string) =>
      files.filter((_, at) => traces(text).some((trace) => contents[at]?.includes(trace)));
    expect([found(plain).length > 0, found(value)]).toEqual([true, []]);
    expect(stack().logged.filter((line) => line.includes(value))).toEqual([]);
  });
});

/** Another request of the same id becomes a dead letter, with its sealed text. */
async function publishAnother(executionId: string, sessionId: string, value: string): Promise<void> {
  const { sandbus, stack: running } = stack();
  const request = { executionId, sessionId, command: 'env' };
  const key = deriveSecretsKey(running.env.SANDBUS_SECRETS_KEY ?? '');
  const pubsub = openPubsub(stack());
  await publishRequest(pubsub, {
    ...request,
    secretEnv: sealSecrets({ API_KEY: value }, key, secretsPurposeOf(request)),
  });
  await pubsub.close();
  await until('the dead letter', async () => (await sandbus.deadLetters.list({ executionId }))[0] ?? null);
}
