/** What a round of the retention job did, or would do. */
export interface RoundReport {
  readonly dryRun: boolean;
  readonly sessions: number;
  readonly expired: number;
  readonly thinned: number;
  readonly forgotten: number;
  readonly removedObjects: number;
  readonly removedBytes: number;
  /** Folders in which nothing was removed because something in them could not be followed, and sessions that failed. */
  readonly problems: readonly string[];
}
