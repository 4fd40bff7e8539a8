import type { MessageName } from '../../schemas/parse-message.ts';

/** What is to be reported for each file of schemas/examples/invalid: the code and every problem. */
export const invalidExamples: Readonly<Record<MessageName, Readonly<Record<string, string>>>> = {
  'completion-event.v1': {
    'checkpoint-number-0': 'message/invalid: newState.checkpoint.number 0 must be at least 1',
    'exit-code-256': 'message/invalid: exitCode 256 must be at most 255',
    'lease-id-with-a-slash':
      'message/invalid: leaseId "a/b" must be 1 to 128 letters, digits, ".", "_" and "-", beginning with a letter or digit, or null',
    'outcome-is-text': 'message/invalid: outcome "exited" must be an object',
    'outcome-unknown':
      'message/invalid: outcome.kind "exploded" must be one of "exited", "signaled", "timed-out", "cancelled", "out-of-memory", "output-limit", "launch-failed", "rejected", "lost"',
    'outcome-without-its-evidence': 'message/invalid: outcome.evidence is required',
    'refusal-without-a-known-reason':
      'message/invalid: network.refused[0].reason "because" must be one of "no-network", "not-allowed", "not-public", "port-closed", "unclear-host"',
    'listening-on-port-0': 'message/invalid: listening[0].port 0 must be at least 1',
    'output-missed-for-no-known-reason':
      'message/invalid: outputs.missed[0].reason "gone" must be one of "too-large", "total-too-large", "too-many", "path-too-long", "no-file", "not-readable", "not-stored"',
    'sha-256-in-capitals':
      'message/invalid: outputRefs.stdout.sha256 must be a SHA-256 in 64 lowercase hexadecimal digits',
    'state-without-env': 'message/invalid: newState.env is required',
    'stdout-base64-with-a-line-break': 'message/invalid: stdoutBase64 must be base64 (RFC 4648 §4) with padding',
    'stdout-missing': 'message/invalid: stdout is required',
    'umask-not-octal': 'message/invalid: newState.umask "088" must be 3 or 4 octal digits',
    'limit-held-by-hope':
      'message/invalid: limits.memoryMb.heldBy "hope" must be one of "cgroup-v2", "cgroup-v1", "rlimit", "tmpfs", "polled", "executor", "none"',
    'limit-unknown':
      'message/invalid: limits name "memoryGb" must be one of "timeoutMs", "idleOutputMs", "cpuMs", "memoryMb", "pids", "openFiles", "fileMb", "workspaceMb", "workspaceFiles", "tmpMb", "outputBytes"',
    'wall-unknown':
      'message/invalid: wall "chroot" must be one of "cloud-run-sandbox", "bubblewrap", "container", "none", or null',
  },
  'dead-letter.v1': {
    'attribute-not-text': 'message/invalid: attributes.n must be a string',
    'data-and-data-ref': 'message/invalid: the message must have exactly one of data and dataRef',
    'data-missing': 'message/invalid: data is required (or dataRef)',
    'delivery-attempts-negative': 'message/invalid: deliveryAttempts -1 must be at least 0',
    'id-with-a-slash':
      'message/invalid: deadLetterId "a/b" must be 1 to 256 letters, digits, ".", "_" and "-", beginning with a letter or digit',
    'source-without-a-topic': 'message/invalid: source.topic is required',
  },
  'exec-control.v1': {
    'action-missing': 'message/invalid: action is required',
    'action-unknown':
      'message/invalid: action.kind "pause" must be one of "cancel", "close-session", "rewind", "fork", "delete-session"',
    'action-without-a-kind': 'message/invalid: action.kind is required',
    'cancel-without-an-execution-id': 'message/invalid: action.executionId is required',
    'delete-session-without-an-operation-id': 'message/invalid: action.operationId is required',
    'fork-without-a-new-session': 'message/invalid: action.newSessionId is required',
    'rewind-to-0': 'message/invalid: action.checkpoint 0 must be at least 1',
    'close-session-of-an-execution': 'message/invalid: unknown field "executionId" in action',
    'version-0': 'message/unsupported-version: version 0 is not read here: only 1 is',
  },
  'exec-request.v1': {
    'checkpoint-of-a-number': 'message/invalid: checkpointOf 7 must be a string',
    'replay-depth-of-zero': 'message/invalid: replayOf.depth 0 must be at least 1',
    'command-and-command-ref': 'message/invalid: the message must have exactly one of command and commandRef',
    'command-empty': 'message/invalid: command must not be empty',
    'command-missing': 'message/invalid: command is required (or commandRef)',
    'command-misspelled': 'message/invalid: unknown field "comand"; command is required (or commandRef)',
    'command-with-nul': 'message/invalid: command must not contain the character NUL',
    'env-name-begins-with-a-digit':
      'message/invalid: env name "1A" must be a shell identifier: letters, digits and "_", not beginning with a digit',
    'env-name-with-an-equals-sign':
      'message/invalid: env name "A=B" must be a shell identifier: letters, digits and "_", not beginning with a digit',
    'env-value-not-a-string': 'message/invalid: env.TOKEN must be a string',
    'execution-id-missing': 'message/invalid: executionId is required',
    'execution-id-of-129-characters':
      'message/invalid: executionId "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… must be 1 to 128 letters, digits, ".", "_" and "-", beginning with a letter or digit',
    'expires-at-a-leap-second':
      'message/invalid: expiresAt "2016-12-31T23:59:60Z" must be a time as in RFC 3339, such as "2026-01-31T12:00:00.000Z"',
    'expires-at-without-a-zone':
      'message/invalid: expiresAt "2026-12-31T23:59:59" must be a time as in RFC 3339, such as "2026-01-31T12:00:00.000Z"',
    'label-name-in-capitals':
      'message/invalid: labels name "Owner" must be 1 to 63 lowercase letters, digits, "_" and "-", beginning with a letter',
    'idle-output-of-zero': 'message/invalid: limits.idleOutputMs 0 must be at least 1',
    'limit-unknown': 'message/invalid: unknown field "disk" in limits',
    'memory-over-the-largest-job': 'message/invalid: limits.memoryMb 32769 must be at most 32768',
    'network-unknown': 'message/invalid: network "all" must be one of "none", "internet", or an object',
    'network-a-number': 'message/invalid: network 7 must be one of "none", "internet", or an object',
    'network-without-a-list': 'message/invalid: network.allow is required',
    'network-with-an-empty-list': 'message/invalid: network.allow must not be empty',
    'network-unknown-field': 'message/invalid: unknown field "deny" in network',
    'secrets-in-clear':
      'message/invalid: secretEnv.keyId is required; secretEnv.names is required; secretEnv.sealed is required; unknown field "TOKEN" in secretEnv',
    'secrets-without-names': 'message/invalid: secretEnv.names must not be empty',
    'network-host-without-a-dot':
      'message/invalid: network.allow[0].host "localhost" must be a host name such as "api.example.com", or "*.example.com" for all names below one',
    'network-host-with-a-scheme':
      'message/invalid: network.allow[0].host "https://a.example.com" must be a host name such as "api.example.com", or "*.example.com" for all names below one',
    'network-range-without-a-prefix':
      'message/invalid: network.allow[0].cidr "203.0.113.0" must be a range of addresses such as "203.0.113.0/24" or "2001:db8::/32"',
    'network-host-and-range': 'message/invalid: network.allow[0] must have exactly one of host and cidr',
    'network-rule-of-ports-only': 'message/invalid: network.allow[0].host is required (or network.allow[0].cidr)',
    'network-port-0': 'message/invalid: network.allow[0].ports[0] 0 must be at least 1',
    'on-output-limit-unknown': 'message/invalid: onOutputLimit "stop" must be one of "end", "discard"',
    'open-files-too-few': 'message/invalid: limits.openFiles 31 must be at least 32',
    'object-above-its-folder':
      'message/invalid: commandRef.object "uploads/../sessions/s-2/states/x" must be an object name: letters, digits, ".", "_", "-" and "/", beginning with a letter or digit, without ".."',
    'output-pattern-absolute':
      'message/invalid: outputs[0] "/etc/*" must be relative to /workspace, without ".." and the character NUL',
    'output-pattern-above-the-workspace':
      'message/invalid: outputs[1] "dist/../../*" must be relative to /workspace, without ".." and the character NUL',
    'outputs-without-a-pattern': 'message/invalid: outputs must not be empty',
    'path-above-the-workspace-behind-a-line-break':
      'message/invalid: files[0].path "a\\n/../../x" must stay below /workspace: relative or beginning with /workspace/, without "..", and ending in a file name',
    'path-above-the-workspace':
      'message/invalid: files[0].path "../x" must stay below /workspace: relative or beginning with /workspace/, without "..", and ending in a file name',
    'path-is-the-workspace':
      'message/invalid: files[0].path "/workspace/." must stay below /workspace: relative or beginning with /workspace/, without "..", and ending in a file name',
    'path-outside-the-workspace':
      'message/invalid: files[0].path "/etc/passwd" must stay below /workspace: relative or beginning with /workspace/, without "..", and ending in a file name',
    'retry-without-a-number': 'message/invalid: retry.maxGenerations is required',
    'session-id-begins-with-a-dash':
      'message/invalid: sessionId "-rf" must be 1 to 128 letters, digits, ".", "_" and "-", beginning with a letter or digit',
    'session-id-with-a-space':
      'message/invalid: sessionId "a b" must be 1 to 128 letters, digits, ".", "_" and "-", beginning with a letter or digit',
    'sequence-0': 'message/invalid: sequence 0 must be at least 1',
    'shell-unknown': 'message/invalid: shell "fish" must be one of "bash", "sh"',
    'stdin-as-text-and-base64': 'message/invalid: stdin must have exactly one of text, base64 and ref',
    'stdin-base64-without-padding': 'message/invalid: stdin.base64 must be base64 (RFC 4648 §4) with padding',
    'tenant-id-empty':
      'message/invalid: tenantId "" must be 1 to 63 letters, digits, ".", "_" and "-", beginning with a letter or digit',
    'timeout-not-a-whole-number': 'message/invalid: timeoutMs 1.5 must be an integer',
    'timeout-of-zero': 'message/invalid: timeoutMs 0 must be at least 1',
    'version-2': 'message/unsupported-version: version 2 is not read here: only 1 is',
    'version-as-text': 'message/invalid: version "1" must be 1',
  },
  'notification.v1': {
    'document-missing': 'message/invalid: document is required',
    'exit-code-as-text': 'message/invalid: exitCode "0" must be an integer or null',
    'status-unknown':
      'message/invalid: status "ok" must be one of "succeeded", "failed", "timed-out", "cancelled", "rejected", "launch-failed", "lost"',
  },
  'output-chunk.v1': {
    'at-missing': 'message/invalid: at is required',
    'bytes-not-base64': 'message/invalid: bytes must be base64 (RFC 4648 §4) with padding',
    'generation-0': 'message/invalid: generation 0 must be at least 1',
    'seq-negative': 'message/invalid: seq -1 must be at least 0',
    'stream-unknown': 'message/invalid: stream "stdin" must be one of "stdout", "stderr"',
  },
  'replay-request.v1': {
    'edits-as-a-list': 'message/invalid: set must be an object',
    'expected-replays-negative': 'message/invalid: expectedReplays -1 must be at least 0',
    'include-dismissed-as-text': 'message/invalid: includeDismissed "yes" must be a boolean',
    'mode-unknown': 'message/invalid: mode "head" must be one of "current", "original", "fork"',
    'reason-empty': 'message/invalid: reason "" must not be empty',
    'replay-id-missing': 'message/invalid: replayId is required',
    'replay-id-with-a-space':
      'message/invalid: replayId "r 1" must be 1 to 128 letters, digits, ".", "_" and "-", beginning with a letter or digit',
    'verb-unknown': 'message/invalid: verb "delete" must be one of "replay", "dismiss"',
  },
  'sweep.v1': {
    'field-unknown': 'message/invalid: unknown field "dryRun"',
    'requested-at-a-number': 'message/invalid: requestedAt 1769860800000 must be a string',
    'requested-at-on-30-february':
      'message/invalid: requestedAt "2026-02-30T12:00:00Z" must be a time as in RFC 3339, such as "2026-01-31T12:00:00.000Z"',
  },
  'wake-up.v1': {
    'execution-id-missing': 'message/invalid: executionId is required',
    'reason-unknown':
      'message/invalid: reason "because" must be one of "next-in-session", "claim-never-came", "executor-lost", "gap-over", "turn", "capacity"',
    'session-id-not-text': 'message/invalid: sessionId 7 must be a string',
  },
  'webhook-request.v1': {
    'action-unknown': 'message/invalid: action.kind "pause" must be one of "put", "remove", "enable"',
    'put-without-a-url': 'message/invalid: action.url is required',
    'id-with-a-dot':
      'message/invalid: webhookId "c.i" must be 1 to 63 lowercase letters, digits, "_" and "-", beginning with a letter',
    'no-statuses': 'message/invalid: action.statuses must not be empty',
    'url-not-text': 'message/invalid: action.url must be a string',
  },
  'webhook-delivery.v1': {
    'body-not-text': 'message/invalid: body must be a string',
    'body-missing': 'message/invalid: body is required',
  },
  'file-request.v1': {
    'neither-operations-nor-where': 'message/invalid: operations is required (or operationsRef)',
    'operation-unknown':
      'message/invalid: operations[0].kind "chmod" must be one of "write", "append", "make-directory", "remove", "move", "read", "list", "stat"',
    'path-with-nul':
      'message/invalid: operations[0].path "a\\u0000b" must not contain the character NUL; operations[0].path "a\\u0000b" must be an object',
    'path-of-other-bytes':
      'message/invalid: operations[0].path must be a string; operations[0].path.base64 "x" must be base64 (RFC 4648 §4) with padding',
    'no-operations': 'message/invalid: operations must not be empty',
    'glob-empty': 'message/invalid: operations[0].glob "" must not be empty',
    'id-with-a-slash':
      'message/invalid: requestId "a/b" must be 1 to 128 letters, digits, ".", "_" and "-", beginning with a letter or digit',
  },
};
