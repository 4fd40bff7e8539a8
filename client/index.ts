export { type ErrorCode, errorCodes } from '../execution/error-codes.ts';
export type { ExecutionFilter } from '../execution/execution-filter.ts';
export type { ReachedLimit, WaitReason } from '../execution/explain-waiting.ts';
export { PipelineError } from '../execution/pipeline-error.ts';
export type { ExecutionState } from '../execution/records.ts';
export type {
  HeldLimits,
  LimitReached,
  ListeningPort,
  NetworkUse,
  Notification,
  Outcome,
  ReplayMode,
  ReplayOf,
  RequestedLimits,
  RequestedNetwork,
  SessionState,
  Stages,
  Status,
  Usage,
  WallKind,
} from '../schemas/generated/messages.ts';
export { type ReceivedDelivery, verifyWebhook } from '../signing/webhook-signature.ts';
export type { OutputPiece, OutputStream } from './assemble-output.ts';
export { Sandbus, type SandbusOptions } from './connect.ts';
export type { DeadLetterSelection } from './dead-letter-selection.ts';
export type { DeadLetter, DeadLetterSummary, DeadLetters } from './dead-letters.ts';
export type { DiffOptions, FileDifference, FileState } from './diff-checkpoints.ts';
export type { Dismissed, DismissOrder } from './dismiss-dead-letters.ts';
export type { EventStream } from './event-stream.ts';
export type { CommandOptions, ExecOptions, FileToStage, RunningExecution, StartOptions } from './exec-options.ts';
export type { ExecutionResult } from './execution-result.ts';
export type { Execution, ExecutionSummary, Executions } from './executions.ts';
export type {
  ChangeFilesOptions,
  FileInfo,
  ListFilesOptions,
  ReadFileOptions,
  SessionFiles,
} from './files/session-files.ts';
export type { ExecutionOutputs, MissedFile, OutputFile } from './outputs/execution-outputs.ts';
export type { Replayed, ReplayOrder, ReplayProgress } from './replay-dead-letters.ts';
export type { ForkOptions, Session } from './session.ts';
export type { Checkpoint, CheckpointsOptions, SessionInfo } from './session-history.ts';
export type { OperationOptions, RestingOptions } from './session-operations.ts';
export type { SessionClosing, Sessions } from './sessions.ts';
export type { SweepOptions, SweepReport, Swept } from './sweep.ts';
export type { Tenant, TenantChange, TenantSummary, Tenants } from './tenants.ts';
export type { Webhook, WebhookOptions, Webhooks } from './webhooks.ts';
