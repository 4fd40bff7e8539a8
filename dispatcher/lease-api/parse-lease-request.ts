import type { StoredAnswers } from '../../execution/file-request-record.ts';
import type { ClaimRequest, FilesRequest, UrlsRequest } from '../../execution/lease-protocol.ts';
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

const maxRequests = 20;
const maxWaitMs = 30_000;
const maxJsonCharacters = 100_000;
const requestIdForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Throws message/invalid, naming the field. */
export function parseFilesRequest(body: unknown): FilesRequest {
  const { answers = [], take = [], waitMs = 0, closes = false } = fieldsOf(body);
  if (!Array.isArray(answers) || answers.length > maxRequests) {
    throw new PipelineError('message/invalid', `answers must be at most ${maxRequests}`);
  }
  if (typeof waitMs !== 'number' || !(waitMs >= 0 && waitMs <= maxWaitMs)) {
    throw new PipelineError('message/invalid', `waitMs must be a number from 0 to ${maxWaitMs}`);
  }
  return {
    answers: answers.map((one: unknown) => {
      const fields = fieldsOf(one);
      return { requestId: requestIdIn(fields.requestId), answers: parseAnswers(fieldsOf(fields.answers)) };
    }),
    take: namesIn('take', take).slice(0, maxRequests).map(requestIdIn),
    waitMs,
    closes: closes === true,
  };
}

function requestIdIn(value: unknown): string {
  if (typeof value === 'string' && requestIdForm.test(value)) return value;
  throw new PipelineError('message/invalid', 'requestId must be the id of a request');
}

function parseAnswers({ kind, json, ref, code, message }: Readonly<Record<string, unknown>>): StoredAnswers {
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= maxJsonCharacters;
  if (kind === 'inline' && isText(json)) return { kind, json };
  if (kind === 'failed' && isText(code) && isText(message)) return { kind, code, message };
  if (kind === 'object') {
    const { object, bytes, sha256 } = fieldsOf(ref);
    if (isText(object) && typeof bytes === 'number' && isText(sha256)) {
      return { kind, ref: { object, bytes, sha256 } };
    }
  }
  throw new PipelineError('message/invalid', 'answers must be inline, in an object, or failed');
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
