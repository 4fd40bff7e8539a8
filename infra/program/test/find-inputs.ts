import type { Recorded } from './record-deployment.ts';

/** What a recorded input holds at a path such as `template.containers.0.image`. */
export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((found, part) => Object(found)[part], value);

export const list = (value: unknown, path: string): readonly unknown[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
};

export const text = (value: unknown, path: string): string => String(at(value, path) ?? '');

export const ofType = (recorded: readonly Recorded[], type: string): readonly Recorded[] =>
  recorded.filter((resource) => resource.type === `gcp:${type}`);

/** The plain variables of a container, and the names of those that come from secrets. */
export function envOfContainer(container: unknown): {
  readonly plain: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
} {
  const envs = list(container, 'envs');
  const isSecret = (entry: unknown) => at(entry, 'valueSource') !== undefined;
  return {
    plain: Object.fromEntries(envs.filter((e) => !isSecret(e)).map((e) => [text(e, 'name'), text(e, 'value')])),
    secret: Object.fromEntries(
      envs.filter(isSecret).map((e) => [text(e, 'name'), text(e, 'valueSource.secretKeyRef.secret')]),
    ),
  };
}
