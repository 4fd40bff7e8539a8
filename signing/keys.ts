import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Every secret of a lease is derived from a key of the deployment, so none is stored and each can be given again.
 * HMAC-SHA-256 (RFC 2104) over unambiguous text; base64url without padding (RFC 4648 §5).
 */

const derive = (key: string, purpose: string, ...parts: readonly (string | number)[]): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([purpose, ...parts]))
    .digest('base64url');

/** What a job carries in its environment to claim its lease; useless once another owner holds it. */
export const deriveLaunchSecret = (leaseKey: string, leaseId: string): string => derive(leaseKey, 'launch', leaseId);

/** What the claim exchanges the launch secret for; the same owner gets the same again. */
export const deriveLeaseSecret = (leaseKey: string, leaseId: string, owner: string): string =>
  derive(leaseKey, 'lease', leaseId, owner);

export interface ResultIdentity {
  readonly executionId: string;
  readonly sessionId: string;
  readonly generation: number;
  readonly leaseId: string | null;
  readonly epoch: number;
}

/** Signs the completion event of one launch and of nothing else. */
export const deriveResultKey = (resultKey: string, identity: ResultIdentity): string =>
  derive(
    resultKey,
    'result',
    identity.executionId,
    identity.sessionId,
    identity.generation,
    identity.leaseId ?? '',
    identity.epoch,
  );

/** Signature of a message's bytes, for its `signature` attribute. */
export const signBytes = (key: string, bytes: Uint8Array): string =>
  createHmac('sha256', key).update(bytes).digest('base64url');

/** Compares in constant time; never throws, whatever the lengths. */
export function secretsEqual(a: string, b: string): boolean {
  const [bufferA, bufferB] = [Buffer.from(a), Buffer.from(b)];
  return bufferA.length === bufferB.length && timingSafeEqual(bufferA, bufferB);
}
