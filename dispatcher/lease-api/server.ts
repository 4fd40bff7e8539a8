import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../../execution/error-codes.ts';
import type { LeaseRefusal } from '../../execution/lease-protocol.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { readBody } from '../../http/read-body.ts';
import type { Log } from '../../logging/logger.ts';
import {
  handleClaim,
  handleHeartbeat,
  handleNext,
  handleUrls,
  type LeaseAnswer,
  type LeaseApiPolicy,
  type LeaseApiPorts,
  type LeaseCaller,
} from './handle.ts';
import { type FilesPorts, handleFiles } from './handle-files.ts';
import { parseClaimRequest, parseFilesRequest, parseUrlsRequest } from './parse-lease-request.ts';

const statusByCode: Partial<Record<ErrorCode, number>> = {
  'message/invalid': 400,
  'message/too-large': 413,
  'lease/unauthorized': 401,
  'lease/claimed': 409,
  'lease/unknown': 410,
  'lease/expired': 410,
};

/** A call names at most 200 objects of at most 1,024 characters, twice, or carries 20 answers of at most 16 KiB. */
const maxBodyBytes = 512 * 1024;

export const leasePath =
  /^\/v1\/leases\/([A-Za-z0-9][A-Za-z0-9._-]{0,127})\/(claim|heartbeat|urls|files|next|release)$/;

/** Serves one call of the lease API; `path` has matched `leasePath`. Always answers. */
export async function serveLeaseCall(
  request: IncomingMessage,
  response: ServerResponse,
  ports: LeaseApiPorts & FilesPorts,
  policy: LeaseApiPolicy,
  log: Log,
): Promise<void> {
  const [, leaseId = '', verb = ''] = leasePath.exec(request.url ?? '') ?? [];
  try {
    const caller = { leaseId, secret: bearerOf(request) };
    const body: unknown = JSON.parse((await readBody(request, maxBodyBytes)).toString('utf8') || '{}');
    const left = new AbortController();
    response.on('close', () => left.abort());
    const answer = await handleVerb(verb, caller, body, ports, { ...policy, left: left.signal });
    if (answer.kind === 'ok') return sendJson(response, 200, answer.body);
    log('INFO', 'lease call refused', { leaseId, verb, code: answer.code });
    sendRefusal(response, answer.code, answer.message);
  } catch (error) {
    if (error instanceof SyntaxError) return sendRefusal(response, 'message/invalid', 'the body is not JSON');
    const failure = PipelineError.from(error, 'lease/unavailable');
    log('ERROR', 'lease call failed', { leaseId, verb, error: failure });
    sendRefusal(response, failure.code in statusByCode ? failure.code : 'lease/unavailable', failure.message);
  }
}

async function handleVerb(
  verb: string,
  caller: LeaseCaller,
  body: unknown,
  ports: LeaseApiPorts & FilesPorts,
  policy: LeaseApiPolicy & { readonly left: AbortSignal },
): Promise<LeaseAnswer<unknown>> {
  switch (verb) {
    case 'claim':
      return await handleClaim(caller, parseClaimRequest(body), ports, policy);
    case 'heartbeat':
      return await handleHeartbeat(caller, ports, policy);
    case 'urls':
      return await handleUrls(caller, parseUrlsRequest(body), ports, policy);
    case 'files':
      return await handleFiles(caller, parseFilesRequest(body), ports, policy);
    case 'next':
      return await handleNext();
    default:
      // release: the completion event has ended the lease, so there is nothing left to give back.
      return { kind: 'ok', body: {} };
  }
}

const bearerOf = (request: IncomingMessage): string => request.headers.authorization?.replace(/^Bearer /, '') ?? '';

function sendRefusal(response: ServerResponse, code: ErrorCode, message: string): void {
  const refusal: LeaseRefusal = { error: { code, message } };
  sendJson(response, statusByCode[code] ?? 503, refusal);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
