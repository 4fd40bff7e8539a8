import type { EnvReader } from '../configuration/env-reader.ts';
import type { PushPolicy } from './serve-push.ts';

/** Where a service listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** How deliveries come: by streaming pull, or pushed by Pub/Sub with a token. */
export type DeliveryChoice = { readonly kind: 'pull' } | ({ readonly kind: 'push' } & PushPolicy);

/** The variables of one service, each by its whole name. */
export interface DeliveryVariables {
  readonly delivery: string;
  readonly audience: string;
  readonly serviceAccount: string;
  readonly jwksUrl: string;
}

/** Google's signing keys (https://accounts.google.com/.well-known/openid-configuration, jwks_uri). */
const googleJwksUrl = 'https://www.googleapis.com/oauth2/v3/certs';

export const httpUrl = { pattern: /^https?:\/\/.+[^/]$/, accepted: 'an http(s) URL without a slash at the end' };

export function readListenAddress(reader: EnvReader, hostVariable: string): ListenAddress {
  return {
    host: reader.optionalText(hostVariable) ?? '127.0.0.1',
    port: reader.integer('PORT', { min: 0, max: 65_535, fallback: 8080 }),
  };
}

export function readDelivery(reader: EnvReader, names: DeliveryVariables): DeliveryChoice {
  if (reader.oneOf(names.delivery, ['pull', 'push'], 'pull') === 'pull') return { kind: 'pull' };
  return {
    kind: 'push',
    audience: reader.text(names.audience, httpUrl),
    serviceAccount: reader.text(names.serviceAccount),
    jwksUrl: reader.optionalText(names.jwksUrl) ?? googleJwksUrl,
  };
}
