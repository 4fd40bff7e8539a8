/** What the launcher says of a job that it started. */
export type JobEvidence =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'running' }
  | {
      readonly kind: 'ended';
      readonly exitCode: number | null;
      readonly signal: number | null;
      readonly message: string;
    };
