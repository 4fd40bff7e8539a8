import { describe, expect, it } from '@jest/globals';
import { findSecretsProblem, openForAssignment, sealedEnvOf } from '../../dispatcher/secrets.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { deriveSecretsKey, sealSecrets } from '../../signing/sealed-secrets.ts';
import { secretsPurposeOf } from '../../signing/secrets-purpose.ts';
import { aRequest } from '../support/records.ts';

const [old, current] = [deriveSecretsKey('o'.repeat(32)), deriveSecretsKey('c'.repeat(32))];
const sealedTo = (key: typeof old, request: Partial<ExecRequest> = {}): ExecRequest => {
  const plain = aRequest({ tenantId: 't', ...request });
  return { ...plain, secretEnv: sealSecrets({ TOKEN: 'value' }, key, secretsPurposeOf(plain)) };
};
const ref = { object: 'executions/e/request-x.json', bytes: 1, sha256: 'a'.repeat(64) };

describe('a request with secrets', () => {
  it('is accepted when they can be opened', () => {
    expect(findSecretsProblem(sealedTo(current), [current])).toBeNull();
    expect(findSecretsProblem(aRequest({}), [])).toBeNull();
  });

  it('is accepted while the key that it was sealed to is still there beside a newer one', () => {
    expect(findSecretsProblem(sealedTo(old), [current, old])).toBeNull();
    expect(findSecretsProblem(sealedTo(old), [current])?.code).toBe('request/secrets-unreadable');
  });

  it('is rejected where there is no key', () => {
    expect(findSecretsProblem(sealedTo(current))?.code).toBe('request/secrets-off');
  });

  it.each<[string, Partial<ExecRequest>]>([
    ['command', { command: 'echo $TOKEN' }],
    ['tenant', { tenantId: 'u' }],
  ])('is rejected when they were sealed for another %s', (_title, change) => {
    expect(findSecretsProblem({ ...sealedTo(current), ...change }, [current])?.code).toBe('request/secrets-unreadable');
  });
});

describe('an assignment', () => {
  it('has the secrets of a request that stands in the record', () => {
    const record = { tenantId: 't', request: { kind: 'inline', request: sealedTo(current) } } as const;
    expect(openForAssignment(record, [current])).toEqual({ secretEnv: { ok: true, values: { TOKEN: 'value' } } });
  });

  it('has those of one that stands in the bucket', () => {
    const record = { tenantId: 't', request: { kind: 'object', ref }, ...sealedEnvOf(sealedTo(current)) } as const;
    expect(openForAssignment(record, [current])).toEqual({ secretEnv: { ok: true, values: { TOKEN: 'value' } } });
  });

  it('says why where the key has gone since', () => {
    const record = { tenantId: 't', request: { kind: 'inline', request: sealedTo(old) } } as const;
    expect(openForAssignment(record, [current]).secretEnv).toMatchObject({ ok: false });
  });

  it('has none of a request without', () => {
    expect(openForAssignment({ tenantId: 't', request: { kind: 'inline', request: aRequest({}) } }, [current])).toEqual(
      {},
    );
  });
});
