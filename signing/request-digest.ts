import { createHash } from 'node:crypto';
import type { ExecRequest } from '../schemas/generated/messages.ts';

/**
 * Tells one request from another: equal for the same fields and values, in whatever order they were written. How it was
 * written (`version`) and whether somebody listens (`streamOutput`) is not part of what was asked. Nor is the text that
 * secrets are sealed in, which is another each time.
 */
export const requestDigest = ({ version: _, streamOutput: __, secretEnv, ...asked }: ExecRequest): string =>
  createHash('sha256')
    .update(canonicalJson({ ...asked, secretEnv: secretEnv?.names }))
    .digest('hex')
    .slice(0, 32);

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
