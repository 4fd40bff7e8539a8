import { createEnvReader, type Env } from '../configuration/env-reader.ts';
import { secretForm } from '../configuration/forms.ts';
import { type DeliveryChoice, type ListenAddress, readDelivery, readListenAddress } from '../http/delivery-config.ts';

export interface DeadLetterConfig {
  readonly resultKey: string;
  readonly retentionMs: number;
  readonly maxReplays: number;
  /** How long an execution waits for its result, once that has become a dead letter. */
  readonly holdMs: number;
  /** Replays that one instance publishes in a second, at the most. */
  readonly replaysPerSecond: number;
  readonly maxInFlight: number;
  readonly delivery: DeliveryChoice;
  /** Used when deliveries are pushed. */
  readonly listen: ListenAddress;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Throws one config/invalid that lists every problem. */
export function readDeadLetterConfig(env: Env): DeadLetterConfig {
  const reader = createEnvReader(env);
  const config: DeadLetterConfig = {
    resultKey: reader.text('SANDBUS_RESULT_KEY', secretForm),
    retentionMs: reader.integer('SANDBUS_RETENTION_DAYS', { min: 1, max: 3650, fallback: 30 }) * dayMs,
    maxReplays: reader.integer('DEAD_LETTER_MAX_REPLAYS', { min: 1, max: 1000, fallback: 10 }),
    holdMs: reader.integer('DEAD_LETTER_HOLD_MS', { min: 0, max: 30 * dayMs, fallback: dayMs }),
    replaysPerSecond: reader.integer('DEAD_LETTER_REPLAYS_PER_SECOND', { min: 1, max: 10_000, fallback: 50 }),
    maxInFlight: reader.integer('DEAD_LETTER_MAX_IN_FLIGHT', { min: 1, max: 1000, fallback: 20 }),
    delivery: readDelivery(reader, {
      delivery: 'DEAD_LETTER_DELIVERY',
      audience: 'DEAD_LETTER_PUSH_AUDIENCE',
      serviceAccount: 'DEAD_LETTER_PUSH_SERVICE_ACCOUNT',
      jwksUrl: 'DEAD_LETTER_PUSH_JWKS_URL',
    }),
    listen: readListenAddress(reader, 'DEAD_LETTER_HOST'),
  };
  reader.require(
    config.holdMs <= config.retentionMs,
    `DEAD_LETTER_HOLD_MS ${config.holdMs} must not be longer than SANDBUS_RETENTION_DAYS keeps the dead letter: ${config.retentionMs} ms`,
  );
  reader.finish('dead-letter');
  return config;
}
