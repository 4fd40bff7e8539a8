import type { ClaimRequest, UrlsRequest } from '../../execution/lease-protocol.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';

const maxNames = 200;

/** Throws message/invalid, naming the field. */
export function parseClaimRequest(body: unknown): ClaimRequest {
  const { owner, cloudRunExecution = null } = fieldsOf(body);
  if (typeof owner !== 'string' || !/^[A-Za-z0-9._-]{16,128}$/.test(owner)) {
    throw new PipelineError('message/invalid', 'owner must be 16 to 128 letters, digits, ".", "_" or "-"');
  }
  if (cloudRunExecution !== null && (typeof cloudRunExecution !== 'string' || cloudRunExecution.length > 512)) {
    throw new PipelineError('message/invalid', 'cloudRunExecution must be a string of at most 512 characters or null');
  }
  return { owner, cloudRunExecution };
}

/** Throws message/invalid, naming the field. */
export function parseUrlsRequest(body: unknown): UrlsRequest {
  const { reads = [], writes = [], keeps = [] } = fieldsOf(body);
  return { reads: namesIn('reads', reads), writes: namesIn('writes', writes), keeps: namesIn('keeps', keeps) };
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body === null || typeof body !== 'object')
    throw new PipelineError('message/invalid', 'the body must be an object');
  return body as Record<string, unknown>;
}

function namesIn(field: string, value: unknown): readonly string[] {
  const isNames = Array.isArray(value) && value.length <= maxNames && value.every((name) => typeof name === 'string');
  if (!isNames) throw new PipelineError('message/invalid', `${field} must be at most ${maxNames} object names`);
  return value;
}
