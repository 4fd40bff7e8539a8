import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveSecretsKey, openSecrets, sealSecrets } from '../../signing/sealed-secrets.ts';
import { secretsPurposeOf } from '../../signing/secrets-purpose.ts';

const key = deriveSecretsKey('k'.repeat(32));
const other = deriveSecretsKey('o'.repeat(32));
const purpose = { tenantId: 't', commandSha256: 'a'.repeat(64) };
const seal = (values: Record<string, string> = { TOKEN: 'hunter2-hunter2' }) => sealSecrets(values, key, purpose);
const refused = { ok: false, problem: 'they were sealed for another command or tenant, or are damaged' };

describe('sealed secrets', () => {
  it('are opened by their key, for their purpose, whatever their values', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/), fc.string({ unit: 'binary' })),
        (values) => {
          const clean = Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, value.replaceAll('\0', '')]),
          );
          expect(openSecrets(seal(clean), [other, key], purpose)).toEqual({ ok: true, values: clean });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are another text each time, with nothing of the values in it', () => {
    const [a, b] = [seal(), seal()];
    expect(a.sealed).not.toBe(b.sealed);
    expect(Buffer.from(a.sealed, 'base64url').includes('hunter2')).toBe(false);
  });

  it('tell their names and the key that they are sealed to', () => {
    expect(seal({ B: '1', A: '2' })).toMatchObject({ keyId: key.keyId, names: ['A', 'B'] });
  });

  it.each([
    ['another tenant', { ...purpose, tenantId: 'u' }],
    ['another command', { ...purpose, commandSha256: 'b'.repeat(64) }],
  ])('are not opened for %s', (_title, wrong) => {
    expect(openSecrets(seal(), [key], wrong)).toEqual(refused);
  });

  it('are not opened under other names', () => {
    expect(openSecrets({ ...seal(), names: ['PATH'] }, [key], purpose)).toEqual(refused);
  });

  it('are not opened when a bit of them was changed, anywhere', () => {
    const sealed = seal();
    const bytes = Buffer.from(sealed.sealed, 'base64url');
    const changed = [...bytes.keys()].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return openSecrets({ ...sealed, sealed: copy.toString('base64url') }, [key], purpose).ok;
    });
    expect(new Set(changed)).toEqual(new Set([false]));
  });

  it.each([0, 1, 31, 32, 48])('of %d bytes are refused', (length) => {
    const sealed = Buffer.alloc(length).toString('base64url');
    expect(openSecrets({ ...seal(), sealed }, [key], purpose)).toEqual(refused);
  });

  it('of a key that was taken away are refused with its id', () => {
    expect(openSecrets(seal(), [other], purpose)).toEqual({
      ok: false,
      problem: `they are sealed to the key ${key.keyId}, which is not there any more`,
    });
  });
});

describe('the purpose of secrets', () => {
  const request = { executionId: 'e', sessionId: 's' };
  it('is the command, whether it stands in the request or in the bucket', () => {
    const inline = secretsPurposeOf({ ...request, command: 'true' });
    const ref = { object: 'uploads/x', bytes: 4, sha256: inline.commandSha256 };
    expect(secretsPurposeOf({ ...request, commandRef: ref })).toEqual(inline);
    expect(secretsPurposeOf({ ...request, command: 'false' })).not.toEqual(inline);
  });
});
