import type { ExecutionResult } from '../client/index.ts';

/** A result as JSON carries it: exact bytes as base64, and only where they are not the text. */
export function resultJson({ stdoutBytes, stderrBytes, ...result }: ExecutionResult): object {
  return {
    ...result,
    ...(stdoutBytes && { stdoutBase64: Buffer.from(stdoutBytes).toString('base64') }),
    ...(stderrBytes && { stderrBase64: Buffer.from(stderrBytes).toString('base64') }),
  };
}
