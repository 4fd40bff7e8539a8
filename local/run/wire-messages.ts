/**
 * The parts of google.cloud.run.v2 that this server reads or writes, in the shape that the gRPC loader gives them:
 * camelCase, enums as names, int64 as strings, absent messages as null, an unset member of a oneof as undefined.
 */
export interface Timestamp {
  readonly seconds: string | number;
  readonly nanos: number;
}

export interface Duration {
  readonly seconds: string | number;
  readonly nanos: number;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueSource?: unknown;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly EnvVar[];
  readonly resources?: { readonly limits: Readonly<Record<string, string>> } | null;
  readonly workingDir?: string;
  readonly volumeMounts?: readonly unknown[];
  readonly dependsOn?: readonly string[];
  readonly sourceCode?: unknown;
  /** Of the JSON API only: a preview field, which Google's own clients do not know. */
  readonly sandboxLauncher?: boolean;
}

export interface TaskTemplate {
  readonly containers: readonly Container[];
  readonly volumes?: readonly unknown[];
  readonly maxRetries?: number;
  readonly timeout: Duration | null;
  readonly serviceAccount?: string;
  readonly executionEnvironment?: string;
  readonly encryptionKey?: string;
  readonly vpcAccess?: unknown;
  readonly nodeSelector?: unknown;
}

export interface ExecutionTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly parallelism: number;
  readonly taskCount: number;
  readonly template: TaskTemplate | null;
}

export interface Condition {
  readonly type: string;
  readonly state: 'CONDITION_PENDING' | 'CONDITION_RECONCILING' | 'CONDITION_FAILED' | 'CONDITION_SUCCEEDED';
  readonly message?: string;
  readonly lastTransitionTime: Timestamp;
  readonly executionReason?: 'NON_ZERO_EXIT_CODE' | 'CANCELLED' | 'CANCELLING' | 'DELETED';
}

export type CompletionStatus =
  | 'EXECUTION_SUCCEEDED'
  | 'EXECUTION_FAILED'
  | 'EXECUTION_RUNNING'
  | 'EXECUTION_PENDING'
  | 'EXECUTION_CANCELLED';

export interface ExecutionReference {
  readonly name: string;
  readonly createTime: Timestamp;
  readonly completionTime?: Timestamp;
  readonly completionStatus: CompletionStatus;
}

/** What a caller sends as a Job; fields that are output only are dropped where the job is read. */
export interface JobInput {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly client: string;
  readonly clientVersion: string;
  readonly launchStage: string;
  readonly binaryAuthorization?: unknown;
  readonly template: ExecutionTemplate | null;
  readonly startExecutionToken?: string;
  readonly runExecutionToken?: string;
  readonly etag: string;
}

export interface Job extends JobInput {
  readonly uid: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly createTime: Timestamp;
  readonly updateTime: Timestamp;
  readonly deleteTime?: Timestamp;
  readonly expireTime?: Timestamp;
  readonly terminalCondition: Condition;
  readonly executionCount: number;
  readonly latestCreatedExecution: ExecutionReference | null;
  readonly reconciling: boolean;
}

/** What every resource that a job leads to says of itself. */
interface RunResource {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly createTime: Timestamp;
  readonly startTime: Timestamp | null;
  readonly completionTime: Timestamp | null;
  readonly updateTime: Timestamp;
  readonly job: string;
  readonly reconciling: boolean;
  readonly conditions: readonly Condition[];
  readonly etag: string;
}

export interface Execution extends RunResource {
  readonly deleteTime?: Timestamp;
  readonly launchStage: string;
  readonly parallelism: number;
  readonly taskCount: number;
  readonly template: TaskTemplate;
  readonly runningCount: number;
  readonly succeededCount: number;
  readonly failedCount: number;
  readonly cancelledCount: number;
  readonly retriedCount: number;
}

export interface TaskAttemptResult {
  readonly status: { readonly code: number; readonly message: string };
  readonly exitCode: number;
  readonly termSignal: number;
}

export interface Task extends RunResource {
  readonly scheduledTime: Timestamp | null;
  readonly execution: string;
  readonly containers: readonly Container[];
  readonly maxRetries: number;
  readonly timeout: Duration | null;
  readonly serviceAccount: string;
  readonly executionEnvironment: string;
  readonly index: number;
  readonly retried: number;
  readonly lastAttemptResult: TaskAttemptResult | null;
}

export interface ContainerOverride {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: readonly EnvVar[];
  readonly clearArgs: boolean;
}

export interface Overrides {
  readonly containerOverrides: readonly ContainerOverride[];
  readonly taskCount: number;
  readonly timeout: Duration | null;
}

export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

export interface Operation {
  readonly name: string;
  readonly metadata: AnyMessage;
  readonly done: boolean;
  readonly response?: AnyMessage;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface AnyMessage {
  readonly type_url: string;
  readonly value: Uint8Array;
}
