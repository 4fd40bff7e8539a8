import { createEnvReader, type Env } from '../configuration/env-reader.ts';

/** Which project, and where its services are: Google's own when an endpoint is absent. */
export interface GoogleConfig {
  readonly projectId: string;
  readonly bucket: string;
  readonly endpoints: {
    readonly pubsub?: HostAndPort;
    readonly firestore?: HostAndPort;
    /** Base URL. */
    readonly storage?: string;
    readonly run?: HostAndPort;
  };
  /** Key file that signs URLs of a local Storage. */
  readonly signingKeyFile?: string;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

const endpointForm = { pattern: /^[^:/]+:\d+$/, accepted: 'host:port' };

/**
 * Reads the variables that Google's own tools use, plus the bucket. CLOUD_RUN_EMULATOR_HOST is this project's: Google
 * names none for Cloud Run.
 */
export function readGoogleConfig(env: Env): GoogleConfig {
  const reader = createEnvReader(env);
  const endpoint = (name: string): HostAndPort | undefined => {
    if (reader.optionalText(name) === undefined) return undefined;
    const [host = '', port] = reader.text(name, endpointForm).split(':');
    return { host, port: Number(port) };
  };
  const pubsub = endpoint('PUBSUB_EMULATOR_HOST');
  const firestore = endpoint('FIRESTORE_EMULATOR_HOST');
  const run = endpoint('CLOUD_RUN_EMULATOR_HOST');
  const storage = reader.optionalText('STORAGE_EMULATOR_HOST');
  const signingKeyFile = reader.optionalText('GOOGLE_APPLICATION_CREDENTIALS');
  const config: GoogleConfig = {
    projectId: reader.text('GOOGLE_CLOUD_PROJECT'),
    bucket: reader.text('SANDBUS_BUCKET'),
    endpoints: {
      ...(pubsub && { pubsub }),
      ...(firestore && { firestore }),
      ...(storage && { storage }),
      ...(run && { run }),
    },
    ...(signingKeyFile && { signingKeyFile }),
  };
  reader.finish('Google Cloud');
  return config;
}
