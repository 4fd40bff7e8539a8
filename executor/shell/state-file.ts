/**
 * What the prelude leaves when a shell ends, exactly as it stands in the file. The user's code could have written it:
 * it is data, it is parsed strictly, and nothing of it is ever evaluated outside the wall.
 *
 *   file        = "sandbus-state 1" NUL status cwd started oldpwd umask options *env definitions "end" NUL
 *   status      = "status=" digits NUL           status that the shell was about to exit with
 *   cwd         = "cwd=" path NUL                its directory at the end
 *   started     = "started=" path NUL            its directory at the start
 *   oldpwd      = "oldpwd=" [path] NUL
 *   umask       = "umask=" 4 octal digits LF NUL
 *   options     = "options=" SHELLOPTS NUL
 *   env         = "e:" name "=" value NUL        each exported variable that is not the request's
 *   definitions = "definitions" NUL text NUL     bash source that makes variables, functions and aliases again
 *
 * A value cannot contain NUL, so the file is its parts between NULs and nothing in a value can look like a boundary.
 */
export interface StateFile {
  readonly status: number;
  readonly cwd: Buffer;
  readonly started: Buffer;
  /** Empty when the shell had none. */
  readonly oldpwd: Buffer;
  readonly umask: string;
  readonly options: string;
  /** In the order of the file; names are ASCII. */
  readonly env: ReadonlyMap<string, Buffer>;
  readonly definitions: Buffer;
}

/** A larger state is not kept: it would be read and written with every command. */
export const stateFileLimitBytes = 4 * 1024 * 1024;

/** The state, or null when the file is not one: cut off, larger than the limit, or of another make. */
export function parseStateFile(bytes: Buffer): StateFile | null {
  if (bytes.length > stateFileLimitBytes) return null;
  const parts = splitAtNul(bytes);
  if (parts === null) return null;
  const [magic, status, cwd, started, oldpwd, umask, options, ...rest] = parts;
  const [marker, definitions, end] = rest.slice(-3);
  if (magic?.toString('latin1') !== 'sandbus-state 1') return null;
  if (marker?.toString('latin1') !== 'definitions' || end?.toString('latin1') !== 'end') return null;

  const fields = {
    status: matching(fieldOf(status, 'status='), /^\d{1,3}$/),
    cwd: fieldOf(cwd, 'cwd='),
    started: fieldOf(started, 'started='),
    oldpwd: fieldOf(oldpwd, 'oldpwd='),
    umask: matching(fieldOf(umask, 'umask='), /^[0-7]{4}\n$/),
    options: matching(fieldOf(options, 'options='), /^[a-z:-]*$/),
    env: parseEnv(rest.slice(0, -3)),
  };
  if (fields.status === null || fields.umask === null || fields.options === null || fields.env === null) return null;
  if (fields.cwd?.[0] !== slash || fields.started === null || fields.oldpwd === null) return null;
  return {
    status: Number(fields.status),
    cwd: fields.cwd,
    started: fields.started,
    oldpwd: fields.oldpwd,
    umask: fields.umask.trim(),
    options: fields.options,
    env: fields.env,
    definitions: definitions as Buffer,
  };
}

const slash = 0x2f;

/** The parts between NULs; null unless the last byte is one. */
export function splitAtNul(bytes: Buffer): Buffer[] | null {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, start)) {
    parts.push(bytes.subarray(start, at));
    start = at + 1;
  }
  return start === bytes.length ? parts : null;
}

function fieldOf(part: Buffer | undefined, prefix: string): Buffer | null {
  if (part === undefined || part.toString('latin1', 0, prefix.length) !== prefix) return null;
  return part.subarray(prefix.length);
}

function matching(value: Buffer | null, form: RegExp): string | null {
  const text = value?.toString('latin1');
  return text !== undefined && form.test(text) ? text : null;
}

function parseEnv(parts: readonly Buffer[]): Map<string, Buffer> | null {
  const env = new Map<string, Buffer>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = part.toString('latin1', 0, Math.max(0, equals));
    if (!/^e:[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return null;
    env.set(name.slice(2), part.subarray(equals + 1));
  }
  return env;
}
