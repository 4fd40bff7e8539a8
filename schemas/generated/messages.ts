// Generated from schemas/*.schema.json by `npm run generate`. Do not edit.

/**
 * Chosen by the publisher; the idempotency key: one id takes effect at most once.
 */
export type ExecutionId = string;
/**
 * Names the workspace whose executions run one at a time, in order.
 */
export type SessionId = string;
/**
 * Whose limits apply; "default" when absent.
 */
export type TenantId = string;
export type LeaseId = string;
/**
 * How an execution ended. A non-zero exit is an outcome, never an error.
 */
export type Outcome =
  Exited | Signaled | TimedOut | Cancelled | OutOfMemory | OutputLimit | LaunchFailed | Rejected | Lost;
export type TimeLimit = 'wall-time' | 'idle-output' | 'cpu-time';
/**
 * The outcome in one word.
 */
export type Status = 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'rejected' | 'launch-failed' | 'lost';
/**
 * null unless the command exited.
 */
export type ExitCode = number | null;
/**
 * null unless the command was ended by a signal.
 */
export type SignalName = string | null;
/**
 * RFC 4648 §4, padded.
 */
export type Base64 = string;
/**
 * Relative to /workspace, or absolute below it; base64 where its bytes are not UTF-8.
 */
export type FilePath = string | FilePathBytes;
/**
 * null when the command left nothing.
 */
export type NewState = SessionState | null;
/**
 * The isolation in force; null when the command never started.
 */
export type WallKind = ('cloud-run-sandbox' | 'bubblewrap' | 'container' | 'none') | null;
export type LimitHolder = 'cgroup-v2' | 'cgroup-v1' | 'rlimit' | 'tmpfs' | 'polled' | 'executor' | 'none';
export type LimitName =
  | 'timeoutMs'
  | 'idleOutputMs'
  | 'cpuMs'
  | 'memoryMb'
  | 'pids'
  | 'openFiles'
  | 'fileMb'
  | 'workspaceMb'
  | 'workspaceFiles'
  | 'tmpMb'
  | 'outputBytes';
/**
 * @maxItems 64
 */
export type Remarks = string[];
/**
 * What else was seen of limits, each beginning with a word and a colon: "disk-full: …".
 *
 * @maxItems 64
 */
export type Remarks1 = string[];
/**
 * RFC 3339; "Z" in what sandbus writes. Leap seconds are refused: no clock of a program can hold one.
 */
export type Timestamp = string;
export type ControlAction = CancelAction | CloseSessionAction | RewindAction | ForkAction | DeleteSessionAction;
/**
 * Chosen by the client; names one rewind, fork or deletion, whose result stands in operations/{operationId}. The same id takes effect once.
 */
export type OperationId = string;
/**
 * "none" when absent. Whatever it says, only addresses of the internet are reached.
 */
export type RequestedNetwork = ('none' | 'internet') | NetworkAllowList;
export type NetworkAllowRule =
  | {
      [k: string]: unknown;
    }
  | {
      [k: string]: unknown;
    };
/**
 * Names a file: absolute below /workspace, or relative to it; no ".." segment and no NUL.
 */
export type WorkspacePath = string;
export type OutputPattern = string;
/**
 * Names the workspace whose executions run one at a time, in order.
 */
export type SessionId1 = string;
/**
 * Chosen by the publisher; one id takes effect at most once.
 */
export type FileRequestId = string;
/**
 * RFC 3339; "Z" in what sandbus writes. Leap seconds are refused: no clock of a program can hold one.
 */
export type Timestamp1 = string;
/**
 * Relative to /workspace, or absolute below it; base64 where its bytes are not UTF-8.
 */
export type FilePath1 = string | FilePathBytes;
/**
 * Publishes the dead letter again ("replay", also when absent), or marks it as one that nothing is to be done about ("dismiss"; the fields below do not count then).
 */
export type DeadLetterVerb = 'replay' | 'dismiss';
/**
 * From which checkpoint a request starts: the session's head when it runs ("current", also when absent), the one that it would have started from ("original"), or that one in a new session ("fork").
 */
export type ReplayMode = 'current' | 'original' | 'fork';
export type WebhookAction = PutWebhookAction | RemoveWebhookAction | EnableWebhookAction;

export interface Messages {
  'completion-event.v1.schema.json'?: CompletionEvent;
  'dead-letter.v1.schema.json'?: DeadLetter;
  'exec-control.v1.schema.json'?: ExecControl;
  'exec-request.v1.schema.json'?: ExecRequest;
  'file-request.v1.schema.json'?: FileRequest;
  'notification.v1.schema.json'?: Notification;
  'output-chunk.v1.schema.json'?: OutputChunk;
  'replay-request.v1.schema.json'?: ReplayRequest;
  'sweep.v1.schema.json'?: Sweep;
  'tenant.document.schema.json'?: TenantDocument;
  'wake-up.v1.schema.json'?: WakeUp;
  'webhook-delivery.v1.schema.json'?: WebhookDelivery;
  'webhook-request.v1.schema.json'?: WebhookRequest;
}
/**
 * How an execution ended. Topic exec-results; signed in the attribute "signature".
 */
export interface CompletionEvent {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  executionId: ExecutionId;
  sessionId: SessionId;
  tenantId: TenantId;
  /**
   * Launch that this event tells of; 0 when none was made.
   */
  generation: number;
  leaseId: LeaseId | null;
  epoch: number;
  outcome: Outcome;
  status: Status;
  exitCode: ExitCode;
  signal: SignalName;
  /**
   * Decoded as UTF-8, bad bytes as U+FFFD (stdoutBase64 then has them exactly); head and tail when truncated.
   */
  stdout: string;
  /**
   * As stdout.
   */
  stderr: string;
  stdoutBase64?: Base64;
  stderrBase64?: Base64;
  outputBytes: OutputBytes;
  discardedBytes?: OutputBytes;
  truncated: Truncated;
  outputRefs?: OutputRefs;
  outputs?: Outputs;
  newState: NewState;
  /**
   * false: shell state could not be known and the previous one stays.
   */
  stateCaptured: boolean;
  /**
   * Which shell ran the command, and so how much stateCaptured says; absent when it never started.
   */
  shell?: 'bash' | 'sh';
  usage?: Usage;
  wall: WallKind;
  network?: NetworkUse;
  /**
   * TCP ports on which what the command left behind was listening when its first process had ended. It was ended then. Absent where the wall does not tell.
   *
   * @maxItems 64
   */
  listening?: ListeningPort[];
  limits?: HeldLimits;
  limitReached?: LimitReached;
  stages: Stages;
  warnings?: Remarks;
  hints?: Remarks1;
  startedAt?: Timestamp;
  finishedAt: Timestamp;
  labels?: Labels;
  replayOf?: ReplayOf;
}
export interface Exited {
  kind: 'exited';
  exitCode: number;
}
export interface Signaled {
  kind: 'signaled';
  signal: string;
}
export interface TimedOut {
  kind: 'timed-out';
  limit: TimeLimit;
  limitMs: number;
}
export interface Cancelled {
  kind: 'cancelled';
  by: 'request' | 'shutdown';
  reason?: string;
}
export interface OutOfMemory {
  kind: 'out-of-memory';
  evidence: string;
}
export interface OutputLimit {
  kind: 'output-limit';
  limitBytes: number;
}
export interface LaunchFailed {
  kind: 'launch-failed';
  code: string;
  message: string;
}
export interface Rejected {
  kind: 'rejected';
  code: string;
  message: string;
}
export interface Lost {
  kind: 'lost';
  /**
   * Why the execution is believed dead.
   */
  evidence: string;
}
/**
 * Bytes of each stream. Those that the command wrote are counted before any cap; discardedBytes are what came after the output limit of a command that went on without it.
 */
export interface OutputBytes {
  stdout: number;
  stderr: number;
}
/**
 * Whether this event carries less than was written.
 */
export interface Truncated {
  stdout: boolean;
  stderr: boolean;
}
/**
 * Streams larger than what stands here, up to the output limit, in the bucket.
 */
export interface OutputRefs {
  stdout?: ObjectRef;
  stderr?: ObjectRef;
}
/**
 * Bytes in the project's bucket.
 */
export interface ObjectRef {
  /**
   * Object name.
   */
  object: string;
  bytes: number;
  sha256: string;
}
/**
 * Files that were collected for the patterns of the request; absent where it has none, or its command never started.
 */
export interface Outputs {
  /**
   * In the order of their paths.
   *
   * @maxItems 256
   */
  files: OutputFile[];
  /**
   * What matched and was not collected.
   *
   * @maxItems 32
   */
  missed: MissedOutput[];
  /**
   * What was missed and is not listed.
   */
  more: number;
}
export interface OutputFile {
  path: FilePath;
  ref: ObjectRef;
  /**
   * By the end of its name; absent where that says nothing.
   */
  mediaType?: string;
}
export interface FilePathBytes {
  base64: Base64;
}
export interface MissedOutput {
  path: FilePath;
  bytes?: number;
  reason: 'too-large' | 'total-too-large' | 'too-many' | 'path-too-long' | 'no-file' | 'not-readable' | 'not-stored';
}
export interface SessionState {
  cwd: string;
  umask?: string;
  env: EnvDelta;
  services: string[];
  checkpoint: CheckpointRef | null;
  filesChanged?: FilesChanged;
}
export interface EnvDelta {
  set: {
    [k: string]: string;
  };
  /**
   * @maxItems 4096
   */
  removed: string[];
  /**
   * Which of set were not there before; the others had another value.
   *
   * @maxItems 4096
   */
  added?: string[];
}
/**
 * What a finished execution left: shell state and workspace, numbered per session.
 */
export interface CheckpointRef {
  number: number;
  parent: number | null;
  manifest: ObjectRef;
  /**
   * Shell state; null before any command left one.
   */
  state: ObjectRef | null;
  /**
   * What is in /tmp: a manifest like that of the workspace; absent when nothing is there.
   */
  tmp?: ObjectRef;
  entries: number;
  workspaceBytes: number;
}
export interface FilesChanged {
  added: number;
  modified: number;
  deleted: number;
  /**
   * The first of them, by path; the counts have all.
   *
   * @maxItems 100
   */
  files?: ChangedFile[];
}
export interface ChangedFile {
  /**
   * Below /workspace; bytes that are not UTF-8 as U+FFFD.
   */
  path: string;
  change: 'added' | 'modified' | 'deleted';
  /**
   * Size of a file that is there now.
   */
  bytes?: number;
}
export interface Usage {
  wallMs: number;
  cpuMs?: number;
  maxRssBytes?: number;
}
/**
 * Present when the command had a network of which its wall keeps account: what of it was refused.
 */
export interface NetworkUse {
  /**
   * @maxItems 32
   */
  refused: RefusedConnections[];
  /**
   * Refused connections that the list does not count.
   */
  more: number;
}
export interface RefusedConnections {
  host: string;
  port: number;
  reason: 'no-network' | 'not-allowed' | 'not-public' | 'port-closed' | 'unclear-host';
  count: number;
}
export interface ListeningPort {
  port: number;
  /**
   * Of IPv4 or IPv6; "0.0.0.0" and "::" are all.
   */
  address: string;
}
/**
 * What the command was held to, and by what; "none" is a limit that was not in force. Absent when it never started.
 */
export interface HeldLimits {
  [k: string]: HeldLimit;
}
export interface HeldLimit {
  value: number;
  heldBy: LimitHolder;
}
/**
 * The limit that ended the command, and what proves it.
 */
export interface LimitReached {
  limit: LimitName;
  evidence: string;
}
/**
 * Milliseconds spent in each stage; a stage that was not reached is absent.
 */
export interface Stages {
  queuedMs?: number;
  launchMs?: number;
  bootMs?: number;
  restoreMs?: number;
  runMs?: number;
  checkpointMs?: number;
}
export interface Labels {
  [k: string]: string;
}
/**
 * Set by a replay: what it repeats.
 */
export interface ReplayOf {
  executionId: string | null;
  deadLetterId: string;
  reason?: string;
  /**
   * How many replays in a row lead here; 1 when absent.
   */
  depth?: number;
}
/**
 * A message that could not be processed, with the reason and its original bytes (dataRef where they are too many for a message). Topics exec-requests-dead-letter and exec-results-dead-letter.
 */
export interface DeadLetter {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  deadLetterId: string;
  /**
   * A code of docs/errors.md.
   */
  code: string;
  reason: string;
  source: DeadLetterSource;
  attributes: {
    [k: string]: string;
  };
  data?: Base64;
  dataRef?: ObjectRef;
  deliveryAttempts: number;
  deadLetteredAt: Timestamp;
  executionId?: string | null;
  sessionId?: string | null;
}
export interface DeadLetterSource {
  topic: string;
  subscription: string;
  messageId: string;
  publishTime: Timestamp;
  orderingKey?: string;
}
/**
 * Acts on an execution or a session that was asked for. Topic exec-control, ordering key = sessionId.
 */
export interface ExecControl {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  sessionId: SessionId;
  action: ControlAction;
}
export interface CancelAction {
  kind: 'cancel';
  executionId: ExecutionId;
  reason?: string;
}
export interface CloseSessionAction {
  kind: 'close-session';
}
/**
 * The session goes on from one of its checkpoints. Refused while anything of it runs or waits.
 */
export interface RewindAction {
  kind: 'rewind';
  operationId: OperationId;
  checkpoint: number;
}
/**
 * A new session begins at a checkpoint of this one, its head when none is named.
 */
export interface ForkAction {
  kind: 'fork';
  operationId: OperationId;
  newSessionId: SessionId;
  checkpoint?: number;
}
/**
 * The session and what belongs to it is deleted. Refused while anything of it runs or waits.
 */
export interface DeleteSessionAction {
  kind: 'delete-session';
  operationId: OperationId;
}
/**
 * Asks for one command in one session. Topic exec-requests, ordering key = sessionId.
 */
export interface ExecRequest {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  executionId: ExecutionId;
  sessionId: SessionId;
  tenantId?: TenantId;
  /**
   * Shell text, run as bash -c runs it. Above 256 KiB use commandRef.
   */
  command?: string;
  commandRef?: ObjectRef;
  /**
   * Exported for this command only.
   */
  env?: {
    [k: string]: string;
  };
  secretEnv?: SealedEnv;
  /**
   * Whether values of secretEnv are replaced by *** in the output; true when absent. Values of fewer than 6 bytes never are.
   */
  maskOutput?: boolean;
  /**
   * "bash" when absent, and "sh" where there is no bash. A plain sh keeps directory, exported variables and umask of the session; not functions, aliases, options and other variables.
   */
  shell?: 'bash' | 'sh';
  /**
   * For this command only; relative to /workspace.
   */
  cwd?: string;
  stdin?: InlineBytes;
  /**
   * Wall time of the command; 120000 when absent.
   */
  timeoutMs?: number;
  limits?: RequestedLimits;
  /**
   * What becomes of a command that writes more than limits.outputBytes: "end" (when absent) ends it, "discard" lets it go on, and what it writes from then on is counted and not kept, but for the last of it.
   */
  onOutputLimit?: 'end' | 'discard';
  network?: RequestedNetwork;
  /**
   * Written into the workspace before the command.
   *
   * @maxItems 256
   */
  files?: StagedFile[];
  /**
   * Patterns of files to collect when the command has ended, however it did: "dist/**", "*.png". They are stored below the execution, and the completion event lists them.
   *
   * @minItems 1
   * @maxItems 32
   */
  outputs?: [OutputPattern, ...OutputPattern[]];
  /**
   * Publish output-chunk messages while the command runs.
   */
  streamOutput?: boolean;
  retry?: RetryPolicy;
  priority?: number;
  /**
   * Place in the session as its publisher numbers its requests, from 1 without gaps. One that comes before a lower number waits for it, for a bounded time. Without it, the order of arrival counts.
   */
  sequence?: number;
  expiresAt?: Timestamp;
  /**
   * "checkpointed" when absent.
   */
  durability?: 'checkpointed' | 'acknowledged';
  /**
   * Start from this checkpoint of the session; 0 is the empty workspace; the head when absent.
   */
  checkpoint?: number;
  checkpointOf?: SessionId1;
  lane?: 'auto' | 'cold' | 'warm';
  labels?: Labels;
  replayOf?: ReplayOf;
}
/**
 * As env, sealed to the key of the deployment that deployment/secrets publishes: kept out of records, events, logs and checkpoints. For this command and tenant only.
 */
export interface SealedEnv {
  keyId: string;
  /**
   * @minItems 1
   * @maxItems 64
   */
  names: [string, ...string[]];
  sealed: string;
}
/**
 * Bytes as text, as base64, or as a pointer to the bucket; exactly one.
 */
export interface InlineBytes {
  text?: string;
  base64?: Base64;
  ref?: ObjectRef;
}
export interface RequestedLimits {
  memoryMb?: number;
  cpu?: number;
  pids?: number;
  outputBytes?: number;
  workspaceMb?: number;
  /**
   * Longest time without a byte of output; as long as timeoutMs when absent.
   */
  idleOutputMs?: number;
  /**
   * Processor time of all processes together; eight times timeoutMs when absent.
   */
  cpuMs?: number;
  /**
   * Of each process; 4096 when absent.
   */
  openFiles?: number;
  /**
   * Largest file; as large as workspaceMb when absent.
   */
  fileMb?: number;
  /**
   * Files, folders and links of the workspace; 250000 when absent.
   */
  workspaceFiles?: number;
  /**
   * What /tmp holds; 256 when absent.
   */
  tmpMb?: number;
}
export interface NetworkAllowList {
  /**
   * @minItems 1
   * @maxItems 64
   */
  allow: [NetworkAllowRule, ...NetworkAllowRule[]];
}
export interface StagedFile {
  path: WorkspacePath;
  content: InlineBytes;
  /**
   * Permission bits as a number; 0644 when absent.
   */
  mode?: number;
}
export interface RetryPolicy {
  /**
   * How often the command may be started; 1 when absent: at most once.
   */
  maxGenerations: number;
}
/**
 * Asks for operations on the files of one session, carried out one after the other. Topic exec-files, ordering key = sessionId.
 */
export interface FileRequest {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  requestId: FileRequestId;
  sessionId: SessionId;
  tenantId?: TenantId;
  expiresAt: Timestamp1;
  /**
   * @minItems 1
   * @maxItems 500
   */
  operations?: [FileOperationFields, ...FileOperationFields[]];
  operationsRef?: ObjectRef1;
}
/**
 * What each kind needs beside its path: write and append content, move to. No kind takes a field that does not belong to it.
 */
export interface FileOperationFields {
  kind: 'write' | 'append' | 'make-directory' | 'remove' | 'move' | 'read' | 'list' | 'stat';
  path: FilePath;
  content?: InlineBytes;
  /**
   * write: permission bits as a number; those that the file has, or 0644, when absent.
   */
  mode?: number;
  to?: FilePath1;
  /**
   * move: what has the new name is replaced, unless it is a folder.
   */
  overwrite?: boolean;
  /**
   * remove: folders too. list: what is in the folders below, too.
   */
  recursive?: boolean;
  /**
   * remove: what is not there is fine.
   */
  force?: boolean;
  /**
   * read: the first byte.
   */
  offset?: number;
  /**
   * read: how many; to the end when absent.
   */
  length?: number;
  /**
   * read: a longer answer is an error.
   */
  maxBytes?: number;
  /**
   * list: which paths below the folder.
   */
  glob?: string;
}
/**
 * Bytes in the project's bucket.
 */
export interface ObjectRef1 {
  /**
   * Object name.
   */
  object: string;
  bytes: number;
  sha256: string;
}
/**
 * Tells that an outcome is stored. Topic exec-notifications; at least once.
 */
export interface Notification {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  executionId: ExecutionId;
  sessionId: SessionId;
  tenantId: TenantId;
  generation: number;
  status: Status;
  outcome: Outcome;
  exitCode: ExitCode;
  signal: SignalName;
  /**
   * Firestore path of the stored execution.
   */
  document: string;
  checkpoint?: number | null;
  finishedAt: Timestamp;
  labels?: Labels;
  replayOf?: ReplayOf;
}
/**
 * A piece of output while the command runs. Topic exec-output, ordering key = executionId.
 */
export interface OutputChunk {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  executionId: ExecutionId;
  sessionId: SessionId;
  generation: number;
  /**
   * Counts the chunks of both streams of one execution.
   */
  seq: number;
  stream: 'stdout' | 'stderr';
  bytes: Base64;
  at: Timestamp;
}
/**
 * Asks for one dead letter to be published again, or to be dismissed. Topic exec-replays.
 */
export interface ReplayRequest {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  /**
   * Idempotency key: one id replays or dismisses a dead letter once.
   */
  replayId: string;
  deadLetterId: string;
  /**
   * Recorded with the dead letter.
   */
  reason: string;
  verb?: DeadLetterVerb;
  /**
   * Whether a dead letter that was dismissed is meant too; it is not when absent.
   */
  includeDismissed?: boolean;
  /**
   * Fields of the message to replace, by name; null removes one.
   */
  set?: {
    [k: string]: unknown;
  };
  mode?: ReplayMode;
  /**
   * How many replays of the dead letter were published when this one was asked for: it is refused when there are others by now.
   */
  expectedReplays?: number;
}
/**
 * Asks for one round of the sweeper. Topic exec-sweep.
 */
export interface Sweep {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  requestedAt?: Timestamp;
}
/**
 * What the operator says of a tenant: the document tenants/{tenantId}. What is absent has the default of the deployment.
 */
export interface TenantDocument {
  /**
   * Its part of what is scarce, beside those of others; 1 by default.
   */
  weight?: number;
  /**
   * How many of its executions run at a time; 0 lets none start.
   */
  maxRunning?: number;
  /**
   * How many of its executions start within a minute; 0 lets none start.
   */
  startsPerMinute?: number;
  /**
   * How many of its executions may wait, for their session or for capacity; 0 lets none wait.
   */
  maxQueued?: number;
  /**
   * The most that its requests may have, in the form in which they ask for it: "none", "internet" or { "allow": [...] }. What cannot be read counts as "none".
   */
  network?: {
    [k: string]: unknown;
  };
  ceilings?: TenantCeilings;
}
/**
 * The most that each of its executions may ask for; never above the ceilings of the deployment.
 */
export interface TenantCeilings {
  [k: string]: number;
}
/**
 * Tells the dispatcher that a session's next execution may be launched. Topic exec-wakeups.
 */
export interface WakeUp {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  sessionId: SessionId;
  executionId: ExecutionId;
  reason: 'next-in-session' | 'claim-never-came' | 'executor-lost' | 'gap-over' | 'turn' | 'capacity';
  /**
   * What the launcher says of the job that was started before, for people.
   */
  evidence?: string;
}
/**
 * One notification for one webhook. Topic exec-webhooks; at least once.
 */
export interface WebhookDelivery {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  /**
   * The same however often the delivery is repeated.
   */
  deliveryId: string;
  webhookId: string;
  executionId: ExecutionId;
  sessionId: SessionId;
  tenantId: TenantId;
  /**
   * What is posted: the JSON of a notification.v1.
   */
  body: string;
}
/**
 * Registers, removes or enables a webhook. Topic exec-webhook-requests, ordering key = webhookId.
 */
export interface WebhookRequest {
  /**
   * Major version of this message; absent means 1.
   */
  version?: 1;
  /**
   * Stands in the webhook's document once it took effect.
   */
  requestId: string;
  webhookId: string;
  action: WebhookAction;
}
export interface PutWebhookAction {
  kind: 'put';
  /**
   * Where notifications are posted: https, and an address of the internet.
   */
  url: string;
  tenantId?: TenantId;
  /**
   * Ends that are told of; all when absent.
   *
   * @minItems 1
   * @maxItems 32
   */
  statuses?: [Status, ...Status[]];
  /**
   * Which of the webhook's secrets signs; when absent the one that does, at first 1.
   */
  secretVersion?: number;
}
export interface RemoveWebhookAction {
  kind: 'remove';
}
export interface EnableWebhookAction {
  kind: 'enable';
}
