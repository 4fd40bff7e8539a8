import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Delivery, Disposition } from '../execution/delivery.ts';
import type { Log } from '../logging/logger.ts';
import { parsePushEnvelope } from './parse-push-envelope.ts';
import { readBody } from './read-body.ts';

export interface PushPolicy {
  /** `aud` of the token that Pub/Sub sends. */
  readonly audience: string;
  /** Whose token it must be. */
  readonly serviceAccount: string;
  /** Where the keys stand that sign such tokens. */
  readonly jwksUrl: string;
}

export interface PushPorts {
  /** Resolves with the verified e-mail of an OIDC token for the audience; rejects when the token is not good. */
  verifyToken(token: string, audience: string): Promise<string>;
}

/** 10 MB of data in base64, attributes and the envelope around them. */
const maxEnvelopeBytes = 16 * 1024 * 1024;

/**
 * Serves one push delivery: 204 acks, 503 asks for another delivery, 401 and 400 too (Pub/Sub repeats until the
 * message is dead-lettered), but nothing is handled without a good token.
 */
export async function servePush(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (delivery: Delivery) => Promise<Disposition>,
  ports: PushPorts,
  policy: PushPolicy,
  log: Log,
): Promise<void> {
  const answer = (status: number) => void response.writeHead(status).end();
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  const caller = await ports.verifyToken(token, policy.audience).catch((error: unknown) => {
    log('WARNING', 'push refused: bad token', { error });
    return null;
  });
  if (caller !== policy.serviceAccount) return answer(401);
  try {
    const envelope = parsePushEnvelope(await readBody(request, maxEnvelopeBytes));
    if (!envelope.ok) {
      log('ERROR', 'push refused: not a push envelope', { problem: envelope.problem });
      return answer(400);
    }
    const disposition = await handle(envelope.delivery);
    answer(disposition.kind === 'ack' ? 204 : 503);
  } catch (error) {
    log('ERROR', 'push delivery failed', { error });
    answer(503);
  }
}
