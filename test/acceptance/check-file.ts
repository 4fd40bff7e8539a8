import { hash } from 'node:crypto';
import { type FileExpectation, generate } from './case.ts';
import type { ObservedFile } from './run-file-step.ts';

/** Everything in which the observed differs from the expected; nothing when all holds. */
export function findFileDifferences(observed: ObservedFile, expected: FileExpectation): readonly string[] {
  const differences: string[] = [];
  const require = (holds: boolean, what: string) => {
    if (!holds) differences.push(what);
  };
  const { error, message, names, exists } = observed;
  const content = Buffer.from(observed.content ?? []);
  // Unless a case says so, a file operation is expected to succeed.
  const allowed = expected.error_in ?? [expected.error ?? null];
  require(allowed.includes(error), `error is ${error} (${message}), not ${allowed.join(' or ')}`);
  for (const part of expected.message_contains ?? [])
    require(message.includes(part), `message lacks ${part}: ${message}`);
  const wanted = wantedContent(expected);
  require(wanted === null || content.equals(wanted), `content is other: ${content.length} bytes`);
  require(expected.size === undefined || content.length === expected.size, `size is ${content.length}`);
  const digest = hash('sha256', content);
  require(expected.content_sha256 === undefined || digest === expected.content_sha256, `SHA-256 is ${digest}`);
  const sorted = (all: readonly string[] | null) => JSON.stringify([...(all ?? [])].sort());
  require(expected.names === undefined || sorted(names) === sorted(expected.names), `names are ${sorted(names)}`);
  for (const name of expected.names_contain ?? []) require(names?.includes(name) === true, `names lack ${name}`);
  require(expected.exists === undefined || exists === expected.exists, `exists is ${exists}`);
  return differences;
}

function wantedContent({ content, content_base64, content_gen }: FileExpectation): Buffer | null {
  if (content_base64 !== undefined) return Buffer.from(content_base64, 'base64');
  if (content_gen !== undefined) return Buffer.from(generate(content_gen));
  return content === undefined ? null : Buffer.from(content);
}
