/**
 * Takes out of `env` what leads Google's clients somewhere: they prefer some of these variables to their options, so a
 * shell that still has those of an earlier stack would send this one's calls there. Also says that there is no metadata
 * server to look for.
 */
export function forgetEndpoints(env: Record<string, string | undefined>): void {
  for (const name of Object.keys(env)) {
    if (/_EMULATOR_HOST$|^GOOGLE_APPLICATION_CREDENTIALS$|^GOOGLE_CLOUD_PROJECT$/.test(name)) delete env[name];
  }
  env.METADATA_SERVER_DETECTION = 'none';
}
