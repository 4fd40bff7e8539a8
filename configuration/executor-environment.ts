import type { Env } from './env-reader.ts';

/** The executor's own variables, and those with which it finds Google's services or what stands for them. */
const passedOn =
  /^(?:EXECUTOR_[A-Z_]+|GOOGLE_CLOUD_PROJECT|SANDBUS_BUCKET|PUBSUB_EMULATOR_HOST|STORAGE_EMULATOR_HOST|METADATA_SERVER_DETECTION)$/;

/** What of `env` every executor is told besides its lease, wherever it is started: no key and no credentials. */
export const executorEnvironment = (env: Env): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => passedOn.test(entry[0]) && (entry[1] ?? '') !== '',
    ),
  );
