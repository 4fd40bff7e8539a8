// Generated from schemas/*.schema.json by `npm run generate`. Do not edit.
import type { CompletionEvent, DeadLetter, ExecControl, ExecRequest, FileRequest, Notification, OutputChunk, ReplayRequest, Sweep, TenantDocument, WakeUp, WebhookDelivery, WebhookRequest } from './messages.ts';

export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
}
export interface Validator<T> {
  (value: unknown): value is T;
  errors?: readonly SchemaError[] | null;
}
export const isCompletionEvent: Validator<CompletionEvent>;
export const isDeadLetter: Validator<DeadLetter>;
export const isExecControl: Validator<ExecControl>;
export const isExecRequest: Validator<ExecRequest>;
export const isFileRequest: Validator<FileRequest>;
export const isNotification: Validator<Notification>;
export const isOutputChunk: Validator<OutputChunk>;
export const isReplayRequest: Validator<ReplayRequest>;
export const isSweep: Validator<Sweep>;
export const isTenantDocument: Validator<TenantDocument>;
export const isWakeUp: Validator<WakeUp>;
export const isWebhookDelivery: Validator<WebhookDelivery>;
export const isWebhookRequest: Validator<WebhookRequest>;
