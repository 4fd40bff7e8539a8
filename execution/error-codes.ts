/**
 * Every problem that sandbus can name. `retryable` tells whether the same attempt may succeed later without a change;
 * `hint` tells a person what to do. docs/errors.md lists the same rows.
 */
export const errorCodes = {
  'config/invalid': { retryable: false, hint: 'Set the variables that the message lists, then start again.' },
  'message/not-json': { retryable: false, hint: 'Publish one JSON object, encoded as UTF-8.' },
  'message/invalid': {
    retryable: false,
    hint: 'Correct the fields that the message lists; the schema is in schemas/.',
  },
  'message/unsupported-version': { retryable: false, hint: 'Publish a version that this deployment reads.' },
  'message/too-large': { retryable: false, hint: 'Put large values into the bucket and send a pointer.' },
  'request/id-conflict': { retryable: false, hint: 'Use a new executionId: this one already names another request.' },
  'request/expired': { retryable: false, hint: 'Publish again with a later expiresAt.' },
  'request/foreign-object': { retryable: false, hint: 'Point only to objects below uploads/.' },
  'request/network-unavailable': {
    retryable: false,
    hint: 'Ask for network "none", or allow the network in DISPATCHER_NETWORKS.',
  },
  'request/network-not-allowed': {
    retryable: false,
    hint: 'Ask for a part of the network of the tenant, or widen "network" in tenants/{id}.',
  },
  'request/outputs-invalid': {
    retryable: false,
    hint: 'Give patterns such as "dist/**" or "*.{png,svg}", each with at most 64 alternatives and none that leads up.',
  },
  'request/over-limit': {
    retryable: false,
    hint: 'Ask for less, or raise the ceiling of the deployment or of the tenant.',
  },
  'request/secrets-off': {
    retryable: false,
    hint: 'Set SANDBUS_SECRETS_KEY for the dispatcher, then publish again.',
  },
  'request/secrets-unreadable': {
    retryable: false,
    hint: 'Give the secrets again with a new request: they are sealed for one command, and to a key that was replaced.',
  },
  'request/undeliverable': {
    retryable: false,
    hint: 'Find out why deliveries failed, then replay its dead letter.',
  },
  'request/cannot-fork': { retryable: false, hint: 'Name a session that does not exist yet, and a checkpoint.' },
  'request/unknown-checkpoint': { retryable: false, hint: 'Name a checkpoint that the session has.' },
  'session/queue-full': { retryable: true, hint: 'Wait until executions of the session have finished.' },
  'session/sequence-passed': {
    retryable: false,
    hint: 'The session has gone on: publish without sequence or with a higher one.',
  },
  'session/sequence-taken': { retryable: false, hint: 'Give each request of the session a sequence of its own.' },
  'session/closed': { retryable: false, hint: 'Use another session id.' },
  'session/busy': {
    retryable: true,
    hint: 'Wait until nothing of the session runs or waits, or ask for it to be waited for.',
  },
  'session/deleted': {
    retryable: true,
    hint: 'Use another session id, or wait until its data is gone (sandbus sessions show).',
  },
  'tenant/queue-full': {
    retryable: true,
    hint: 'Wait until executions of the tenant have finished, or raise maxQueued (sandbus tenants set).',
  },
  'control/unknown-execution': { retryable: false, hint: 'Check the execution id and its session.' },
  'control/unknown-session': {
    retryable: false,
    hint: 'Check the session id; a session begins with its first command.',
  },
  'launch/unavailable': { retryable: true, hint: 'The launcher did not answer; it is tried again.' },
  'launch/quota': {
    retryable: true,
    hint: 'The quota of RunJob calls or running executions is used up; it is tried again.',
  },
  'launch/refused': { retryable: false, hint: 'Check the job name, its region and the permissions of the dispatcher.' },
  'launch/never-claimed': { retryable: false, hint: 'The job started but never claimed its lease: read its log.' },
  'lease/unknown': { retryable: false, hint: 'The lease has ended or never was; stop.' },
  'lease/unauthorized': { retryable: false, hint: 'The lease secret is wrong or spent.' },
  'lease/claimed': { retryable: false, hint: 'Another executor holds the lease; stop.' },
  'lease/expired': { retryable: false, hint: 'The lease ran out before it was renewed; stop.' },
  'lease/unavailable': { retryable: true, hint: 'The lease API did not answer; it is tried again.' },
  'executor/failed': { retryable: false, hint: 'The message says what failed in the job; its log has the cause.' },
  'wall/unavailable': {
    retryable: false,
    hint: 'Run "sandbus doctor" where executors run: it says what each wall needs. For trusted commands alone there is EXECUTOR_WALL=none.',
  },
  'workspace/corrupt': { retryable: false, hint: 'The checkpoint cannot be restored; start from an earlier one.' },
  'workspace/restore-failed': {
    retryable: false,
    hint: 'Name an earlier checkpoint of the session in "checkpoint": the session goes on from there.',
  },
  'workspace/too-large': {
    retryable: false,
    hint: 'Remove files from the workspace, or raise workspaceMb or workspaceFiles.',
  },
  'files/not-found': { retryable: false, hint: 'List the folder to find its name.' },
  'files/is-directory': { retryable: false, hint: 'Name a file; to remove a folder say recursive.' },
  'files/not-a-directory': { retryable: false, hint: 'Name a folder; a part of the path is a file.' },
  'files/already-exists': { retryable: false, hint: 'Remove it first, or say overwrite.' },
  'files/permission-denied': {
    retryable: false,
    hint: 'Its mode does not let the user of the session do that: chmod it in a command.',
  },
  'files/too-large': { retryable: false, hint: 'Read a part of it, or raise the limit that the message names.' },
  'files/invalid-path': {
    retryable: false,
    hint: 'Name a path below /workspace or /tmp that leads through no link out of it.',
  },
  'files/unconfirmed': {
    retryable: false,
    hint: 'The job that was to do it ended without a word: look at the file before you repeat it.',
  },
  'files/busy': { retryable: true, hint: 'Ask again when the command has ended, or use /workspace.' },
  'files/expired': { retryable: true, hint: 'Nothing was done in time; ask again.' },
  'result/bad-signature': { retryable: false, hint: 'Only an executor that holds the lease can sign its result.' },
  'result/unknown-execution': { retryable: false, hint: 'The event names an execution that was never accepted.' },
  'delivery/exhausted': { retryable: false, hint: 'Find out why deliveries failed, then replay.' },
  'replay/unknown-dead-letter': { retryable: false, hint: 'List the dead letters to find its id.' },
  'replay/invalid-edit': { retryable: false, hint: 'Give each edit as field=value.' },
  'replay/too-many': { retryable: false, hint: 'Find out why its replays failed; edit it and publish it as new.' },
  'replay/in-progress': { retryable: true, hint: 'Look at the dead letter; ask again if it is still wanted.' },
  'replay/already-ended': {
    retryable: false,
    hint: 'The outcome stands; if the command may be repeated, ask for it again under a new id.',
  },
  'replay/other-launch': {
    retryable: false,
    hint: 'Nothing to do: the execution is launched again, or ended, without this result.',
  },
  'replay/already-replayed': { retryable: false, hint: 'Look at what became of that replay; to repeat it, say again.' },
  'replay/dismissed': { retryable: false, hint: 'Say explicitly that dismissed dead letters are meant.' },
  'replay/no-checkpoint': { retryable: false, hint: 'Replay it in mode current, or set checkpoint to a number.' },
  'webhook/off': { retryable: false, hint: 'Set SANDBUS_WEBHOOK_KEY for the result collector, then ask again.' },
  'webhook/unknown': { retryable: false, hint: 'List the webhooks to find its id.' },
  'webhook/refused': { retryable: false, hint: 'Give the webhook an https URL of the internet, then replay.' },
  'webhook/disabled': { retryable: false, hint: 'Mend the receiver and enable the webhook, then replay.' },
  'container/program-missing': {
    retryable: false,
    hint: 'Install Docker or Podman where the service runs, or set SANDBUS_CONTAINER_PROGRAM.',
  },
  'container/unreachable': { retryable: true, hint: 'The container engine did not answer; it is tried again.' },
  'container/no-room': {
    retryable: true,
    hint: 'The machine has no room for another container; it is tried again later.',
  },
  'container/name-taken': {
    retryable: true,
    hint: 'A container of this name is there already; it is looked at again.',
  },
  'container/unknown': { retryable: false, hint: 'The container has been removed.' },
  'container/image-missing': {
    retryable: false,
    hint: 'Build the image (npm run images), or correct DISPATCHER_CONTAINER_IMAGE.',
  },
  'container/denied': { retryable: false, hint: 'Let the service use the container engine: its socket, or root.' },
  'container/failed': { retryable: false, hint: 'The message has the answer of the container engine.' },
  'google/unavailable': { retryable: true, hint: 'The service did not answer; it is tried again.' },
  'google/contention': { retryable: true, hint: 'Others wrote at the same time; it is tried again.' },
  'google/quota': { retryable: true, hint: 'A quota is used up; it is tried again later.' },
  'google/not-found': { retryable: false, hint: 'Check that the resource exists and its name is right.' },
  'google/already-exists': { retryable: false, hint: 'The resource exists.' },
  'google/denied': { retryable: false, hint: 'Check the credentials and roles of this service.' },
  'google/invalid': { retryable: false, hint: 'The request was refused as malformed; the message names the field.' },
  'google/failed': { retryable: false, hint: 'The cause has the answer of the service.' },
  'client/timeout': { retryable: true, hint: 'The execution goes on; ask for it again by its id.' },
  'client/aborted': { retryable: false, hint: 'The caller gave up waiting.' },
  'client/closed': { retryable: false, hint: 'Make another client, or close this one after its last call.' },
  'client/command-failed': { retryable: false, hint: 'The command ended with another exit code than 0.' },
  'client/not-saved': {
    retryable: false,
    hint: 'Mend what the message says, then save again: the files stay as long as the record of their execution.',
  },
} as const satisfies Record<string, { readonly retryable: boolean; readonly hint: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** Codes with which a rewind, a fork or a deletion can be turned down. */
export type RefusalCode = Extract<ErrorCode, `request/${string}` | `session/${string}` | 'control/unknown-session'>;

/** Codes with which a well-formed request can be turned down. */
export type RejectionCode = Extract<ErrorCode, `request/${string}` | `session/${string}` | `tenant/${string}`>;
