import { createEnvReader, type Env } from '../configuration/env-reader.ts';

/** How containers are reached: the same for the service that starts them and the one that asks what became of them. */
export interface ContainersConfig {
  /** `docker`, `podman`, or the path of one. */
  readonly program: string;
  /** Words between the program and its command. */
  readonly options: readonly string[];
  /** Tells the containers of this deployment from those of others on the machine. */
  readonly group: string;
}

const groupForm = { pattern: /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, accepted: 'letters, digits, ".", "_" and "-"' };

/** Null where executors are jobs of Cloud Run. Throws one config/invalid that lists every problem. */
export function readContainersConfig(env: Env): ContainersConfig | null {
  const reader = createEnvReader(env);
  const launcher = reader.oneOf('SANDBUS_LAUNCHER', ['cloud-run', 'docker'], 'cloud-run');
  const config = {
    program: reader.optionalText('SANDBUS_CONTAINER_PROGRAM') ?? 'docker',
    options: readWords(reader.optionalText('SANDBUS_CONTAINER_OPTIONS')),
    group:
      reader.optionalText('SANDBUS_CONTAINER_GROUP') === undefined
        ? 'sandbus'
        : reader.text('SANDBUS_CONTAINER_GROUP', groupForm),
  };
  reader.finish('containers');
  return launcher === 'docker' ? Object.freeze(config) : null;
}

/** Words of a command line without any quoting: no option of these programs needs a blank. */
export const readWords = (text = ''): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
