import { createHash } from 'node:crypto';
import type { ExecRequest } from '../schemas/generated/messages.ts';
import type { SecretsPurpose } from './sealed-secrets.ts';

/** What the secrets of a request are for: its command, for its tenant. */
export const secretsPurposeOf = ({ tenantId = 'default', command, commandRef }: ExecRequest): SecretsPurpose => ({
  tenantId,
  commandSha256:
    commandRef?.sha256 ??
    createHash('sha256')
      .update(command ?? '')
      .digest('hex'),
});
