import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Assignment, ClaimGrant, LeaseRefusal, SignedUrl } from '../../../execution/lease-protocol.ts';
import { defaultLimits } from '../../../execution/limits.ts';
import type { CheckpointRef, ExecRequest, ObjectRef } from '../../../schemas/generated/messages.ts';

/** One call to the lease API as it came in. */
export interface LeaseCall {
  readonly verb: string;
  readonly secret: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface LeaseAnswer {
  readonly status: number;
  readonly body: object;
}

/** The other side of an executor: a lease API and a bucket, over real HTTP, that a test directs and looks into. */
export interface LeaseApi {
  readonly url: string;
  readonly calls: readonly LeaseCall[];
  /** What the bucket has, by name. A write of what exists is answered with 412, as Cloud Storage does. */
  readonly objects: Map<string, Buffer>;
  /** What a claim is granted. */
  grant: () => ClaimGrant;
  /** Answers a verb in another way than it would; null leaves it as it is. */
  answer: (call: LeaseCall) => LeaseAnswer | null | Promise<LeaseAnswer | null>;
  /** Status with which the bucket refuses a request; null serves it. */
  refuseObject: (method: string, name: string) => number | null;
  put(name: string, bytes: Uint8Array): ObjectRef;
  close(): Promise<void>;
}

export const launchSecret = 'launch-secret-of-the-test';
export const grantedSecret = 'granted-secret-of-the-test';
export const signingKey = 'signing-key-of-the-test';

export async function startLeaseApi(grant: () => ClaimGrant): Promise<LeaseApi> {
  const calls: LeaseCall[] = [];
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const signed = (name: string): SignedUrl => ({ url: `${url}/objects/${name}`, headers: {} });
  const api: LeaseApi = {
    url,
    calls,
    objects: new Map(),
    grant,
    answer: () => null,
    refuseObject: () => null,
    put(name, bytes) {
      api.objects.set(name, Buffer.from(bytes));
      return { object: name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = request.url ?? '';
    if (path.startsWith('/objects/')) serveObject(request.method ?? '', path.slice('/objects/'.length), body, response);
    else await serveVerb(request, path, body, response);
  }

  function serveObject(method: string, name: string, body: Buffer, response: ServerResponse): void {
    const refused = api.refuseObject(method, name);
    if (refused !== null) response.writeHead(refused).end();
    else if (method === 'GET') {
      const found = api.objects.get(name);
      response.writeHead(found === undefined ? 404 : 200).end(found);
    } else if (api.objects.has(name)) response.writeHead(412).end();
    else {
      api.objects.set(name, body);
      response.writeHead(200).end();
    }
  }

  async function serveVerb(request: IncomingMessage, path: string, body: Buffer, response: ServerResponse) {
    const call: LeaseCall = {
      verb: path.split('/').at(-1) ?? '',
      secret: (request.headers.authorization ?? '').replace(/^Bearer /, ''),
      body: JSON.parse(body.toString()) as Record<string, unknown>,
      at: performance.now(),
    };
    calls.push(call);
    const answer = (await api.answer(call)) ?? usualAnswer(call);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  }

  function usualAnswer({ verb, secret, body }: LeaseCall): LeaseAnswer {
    const sign = (names: unknown) => Object.fromEntries((names as string[]).map((name) => [name, signed(name)]));
    const expected = verb === 'claim' ? launchSecret : grantedSecret;
    if (secret !== expected) return refusal(401, 'lease/unauthorized');
    switch (verb) {
      case 'claim':
        return { status: 200, body: api.grant() };
      case 'heartbeat':
        return { status: 200, body: { cancelReason: null } };
      case 'urls':
        return { status: 200, body: { reads: sign(body.reads), writes: sign(body.writes) } };
      case 'next':
        return { status: 200, body: { assignment: null } };
      default:
        return { status: 200, body: {} };
    }
  }
  return api;
}

export function refusal(status: number, code: LeaseRefusal['error']['code']): LeaseAnswer {
  return { status, body: { error: { code, message: 'as the test wants' } } satisfies LeaseRefusal };
}

export interface AssignmentOptions {
  readonly request: Partial<ExecRequest>;
  readonly checkpoint?: CheckpointRef | null;
  readonly limits?: Partial<Assignment['limits']>;
  readonly secretEnv?: Assignment['secretEnv'];
  readonly leaseMs?: number;
  readonly heartbeatMs?: number;
}

export function aGrant(options: AssignmentOptions): ClaimGrant {
  const { checkpoint = null, limits, secretEnv, leaseMs = 30_000, heartbeatMs = 1_000 } = options;
  const request = { executionId: 'e-1', sessionId: 's-1', ...options.request };
  return {
    secret: grantedSecret,
    epoch: 7,
    leaseMs,
    heartbeatMs,
    assignment: {
      executionId: request.executionId,
      sessionId: request.sessionId,
      tenantId: 'default',
      generation: 1,
      request: { kind: 'inline', request },
      limits: { ...defaultLimits, ...limits },
      ...(secretEnv && { secretEnv }),
      checkpoint,
      nextCheckpoint: (checkpoint?.number ?? 0) + 1,
      signingKey,
      acceptedAt: Date.now() - 20,
      launchedAt: Date.now() - 10,
      reads: {},
    },
  };
}
