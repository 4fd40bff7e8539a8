import type { Assignment } from '../execution/lease-protocol.ts';
import type { ExecutionBase } from '../execution/records.ts';
import type { ExecRequest } from '../schemas/generated/messages.ts';
import { openSecrets, type SecretsKey } from '../signing/sealed-secrets.ts';
import { secretsPurposeOf } from '../signing/secrets-purpose.ts';
import type { Rejection } from './find-rejection.ts';

export interface SecretsPolicy {
  /** Keys of the deployment; the first is the one that clients are told. Absent or empty: no secrets are taken. */
  readonly secretsKeys?: readonly SecretsKey[];
}

/** Why the sealed variables of a request cannot be opened: told before a job is started for it. */
export function findSecretsProblem(request: ExecRequest, keys: readonly SecretsKey[] = []): Rejection | null {
  if (request.secretEnv === undefined) return null;
  if (keys.length === 0) {
    return { code: 'request/secrets-off', message: 'secretEnv is not taken here: SANDBUS_SECRETS_KEY is not set' };
  }
  const opened = openSecrets(request.secretEnv, keys, secretsPurposeOf(request));
  return opened.ok
    ? null
    : { code: 'request/secrets-unreadable', message: `secretEnv cannot be opened: ${opened.problem}` };
}

/** What an execution keeps of the sealed variables of a request that stands in the bucket. */
export function sealedEnvOf(request: ExecRequest): Pick<ExecutionBase, 'sealedEnv'> {
  if (request.secretEnv === undefined) return {};
  return { sealedEnv: { sealed: request.secretEnv, commandSha256: secretsPurposeOf(request).commandSha256 } };
}

/** The variables for the executor that runs the command, opened as late as that. */
export function openForAssignment(
  { request, sealedEnv, tenantId }: Pick<ExecutionBase, 'request' | 'sealedEnv' | 'tenantId'>,
  keys: readonly SecretsKey[] = [],
): Pick<Assignment, 'secretEnv'> {
  const kept = request.kind === 'inline' ? sealedEnvOf(request.request).sealedEnv : sealedEnv;
  if (kept === undefined) return {};
  return { secretEnv: openSecrets(kept.sealed, keys, { tenantId, commandSha256: kept.commandSha256 }) };
}
