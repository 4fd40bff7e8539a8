import { createHash } from 'node:crypto';
import { objectNames } from '../execution/object-names.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { findOversize } from '../execution/request-sizes.ts';
import type { ExecRequest, InlineBytes, ObjectRef } from '../schemas/generated/messages.ts';
import { checkMessage } from '../schemas/parse-message.ts';
import { type SecretsPublicKey, sealSecrets } from '../signing/sealed-secrets.ts';
import { secretsPurposeOf } from '../signing/secrets-purpose.ts';
import { globProblem } from '../workspace/files/glob.ts';
import type { StreamedBytes } from './client-ports.ts';
import { type CommandOptions, unknownOptions } from './exec-options.ts';
import type { SpooledBytes } from './spool-stream.ts';

/** A checked request and what must lie in the bucket before it is published. */
export interface PlannedRequest {
  readonly request: ExecRequest;
  readonly uploads: readonly { readonly object: string; readonly content: Uint8Array | StreamedBytes }[];
}

export interface Asked {
  readonly executionId: string;
  readonly sessionId: string;
  readonly command: string;
  readonly options: CommandOptions;
  /** What `stdin` of the options came to, where it is a stream. */
  readonly stdin?: Uint8Array | SpooledBytes;
  readonly streamOutput: boolean;
  /** What secrets are sealed to; null where there are none to seal. */
  readonly secretsKey?: SecretsPublicKey | null;
}

/** A longer message sends its longest values to the bucket. */
const inlineMessageBytes = 256 * 1024;

/**
 * Turns a call of the SDK into the message to publish, or throws `message/…` that names what is wrong with it.
 *
 * Uploads are named by the execution and their content: asking again with the same idempotency key gives the same
 * request, and no upload ever replaces other bytes.
 */
export function planRequest(asked: Asked): PlannedRequest {
  const { executionId, sessionId, command, options, streamOutput } = asked;
  const stdin = asked.stdin ?? options.stdin;
  const values = valuesOf(command, stdin as Value, options);
  const short = {
    executionId,
    sessionId,
    ...(options.env && { env: withoutNulls(options.env) }),
    ...copy(
      options,
      'cwd',
      'shell',
      'timeoutMs',
      'limits',
      'onOutputLimit',
      'network',
      'outputs',
      'maskOutput',
      'labels',
      'sequence',
      'priority',
      'tenantId',
    ),
    ...(options.expiresAt !== undefined && { expiresAt: toTimestamp(options.expiresAt) }),
    ...(streamOutput && { streamOutput }),
    ...sealedEnv(asked),
  };
  const tooLong = chooseUploads(encodedBytes(short), values, inlineMessageBytes);
  const uploads = new Map([...tooLong].map((value) => [value, toUpload(executionId, values[value] as Value)]));
  const refOf = (value: string): ObjectRef | undefined => uploads.get(value)?.ref;
  const inlineBytes = (name: string): InlineBytes => {
    const ref = refOf(name);
    return ref === undefined ? toInlineBytes(values[name]) : { ref };
  };
  const commandRef = refOf('command');
  const request: unknown = {
    ...short,
    ...(commandRef === undefined ? { command } : { commandRef }),
    ...(stdin !== undefined && { stdin: inlineBytes('stdin') }),
    ...(options.files && {
      files: options.files.map(({ path, mode }, index) => ({
        path,
        content: inlineBytes(fileValue(index)),
        ...(mode !== undefined && { mode }),
      })),
    }),
  };
  const checked = checkMessage('exec-request.v1', request);
  const problems = [
    ...secretsProblems(options),
    ...unknownOptions(options).map((name) => `unknown option "${name}"`),
    // The schema sees only the pointer of a long command.
    ...(commandRef !== undefined && command.includes('\0') ? ['command must not contain the character NUL'] : []),
    ...outputProblems(options),
    ...(checked.ok ? [] : checked.problems.map((problem) => inOptionNames(problem, options))),
  ];
  if (checked.ok && problems.length === 0) {
    const oversize = findOversize(checked.message);
    if (oversize !== null) throw new PipelineError('request/over-limit', oversize);
    return {
      request: checked.message,
      uploads: [...uploads.values()].map(({ ref, content }) => ({ object: ref.object, content })),
    };
  }
  throw new PipelineError(checked.ok ? 'message/invalid' : checked.code, problems.join('; '));
}

/** What the schema does not see: a pattern may lead up by what its braces say. */
const outputProblems = ({ outputs }: CommandOptions): string[] =>
  (Array.isArray(outputs) ? outputs : [])
    .map((pattern) => (typeof pattern === 'string' ? globProblem(pattern) : null))
    .filter((problem) => problem !== null)
    .map((problem) => `outputs: ${problem}`);

/** Long enough for keys and certificates; it travels in the message. */
const secretsBytes = 64 * 1024;

function secretsProblems({ secrets = {}, env = {} }: CommandOptions): string[] {
  const values = Object.entries(withoutNulls(secrets));
  const bytes = values.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  return [
    ...values.filter(([, value]) => typeof value !== 'string').map(([name]) => `secrets.${name} must be text`),
    ...values
      .filter(([, value]) => value.includes?.('\0'))
      .map(([name]) => `secrets.${name} must not contain the character NUL`),
    ...values
      .filter(([name]) => Object.hasOwn(withoutNulls(env), name))
      .map(([name]) => `${name} is both in env and in secrets`),
    ...(bytes > secretsBytes ? [`secrets must be at most ${secretsBytes} bytes in all`] : []),
  ];
}

function sealedEnv({ command, options, secretsKey }: Asked): Pick<ExecRequest, 'secretEnv'> {
  const secrets = withoutNulls(options.secrets ?? {});
  if (Object.keys(secrets).length === 0) return {};
  if (!secretsKey) throw new PipelineError('request/secrets-off', 'the deployment takes no secrets');
  const { tenantId } = options;
  const purpose = secretsPurposeOf({
    executionId: '',
    sessionId: '',
    command,
    ...(tenantId !== undefined && { tenantId }),
  });
  return { secretEnv: sealSecrets(secrets, secretsKey, purpose) };
}

/** The problem as the caller knows the field. */
const inOptionNames = (problem: string, { idempotencyKey }: CommandOptions): string =>
  idempotencyKey === undefined ? problem : problem.replace(/^executionId\b/, 'idempotencyKey');

/** The values that may go to the bucket, by name. */
type Values = Readonly<Record<string, Value>>;
type Value = string | Uint8Array | SpooledBytes;

const fileValue = (index: number) => `files[${index}]`;

const valuesOf = (command: string, stdin: Value | undefined, { files = [] }: CommandOptions): Values => ({
  command,
  ...(stdin !== undefined && { stdin }),
  ...Object.fromEntries(files.map(({ content }, index) => [fileValue(index), content])),
});

/** Names of the longest values, as few as bring the message below the limit. */
export function chooseUploads(otherBytes: number, values: Values, limitBytes: number): ReadonlySet<string> {
  const sizes = Object.entries(values)
    .map(([name, value]) => ({ name, bytes: inlineSize(value) }))
    .sort((a, b) => b.bytes - a.bytes);
  const chosen = new Set<string>();
  let total = sizes.reduce((sum, { bytes }) => sum + bytes, otherBytes);
  for (const { name, bytes } of sizes) {
    if (total <= limitBytes || bytes <= pointerBytes) break;
    chosen.add(name);
    total -= bytes - pointerBytes;
  }
  return chosen;
}

/** What a pointer takes in the message, about. */
const pointerBytes = 400;

/** What a value takes in the message; 0 for what is no value at all, which the check then names. */
function inlineSize(value: unknown): number {
  if (typeof value === 'string') return encodedBytes(value);
  const bytes = value instanceof Uint8Array ? value.length : isSpooled(value) ? value.bytes : null;
  return bytes === null ? 0 : Math.ceil(bytes / 3) * 4 + 2;
}

const isSpooled = (value: unknown): value is SpooledBytes => typeof Object(value).open === 'function';

const encodedBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

function toUpload(executionId: string, value: Value) {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  const { bytes, sha256 } = isSpooled(content)
    ? content
    : { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  const ref: ObjectRef = { object: objectNames.upload(`${executionId}-${sha256}`), bytes, sha256 };
  return { ref, content };
}

/** Passes on what is neither text nor bytes: the check names it. */
function toInlineBytes(value: unknown): InlineBytes {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  return { text: value as string };
}

const withoutNulls = (env: Readonly<Record<string, string | null | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => (entry[1] ?? null) !== null));

function copy<T extends object, K extends keyof T>(from: T, ...names: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]))) as Partial<
    Pick<T, K>
  >;
}

/** An invalid date passes as such: the check names it. */
const toTimestamp = (time: Date | string): string =>
  time instanceof Date && !Number.isNaN(time.getTime()) ? time.toISOString() : String(time);
