import { type ErrorCode, errorCodes } from './error-codes.ts';

/** The outside world failed, or the caller asked for what can't be. Branch on `code`; the text is for people. */
export class PipelineError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, what: string, options?: { readonly cause?: unknown }) {
    super(`[${code}] ${what}`, options);
    this.name = 'PipelineError';
    this.code = code;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }

  get hint(): string {
    return errorCodes[this.code].hint;
  }

  /** The only conversion from what was thrown elsewhere; a PipelineError stays what it is. */
  static from(thrown: unknown, code: ErrorCode): PipelineError {
    if (thrown instanceof PipelineError) return thrown;
    return new PipelineError(code, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}
