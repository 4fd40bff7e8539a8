/** Severities of Cloud Logging (google.logging.type.LogSeverity) that this project uses. */
export type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line per event. Fields carry ids and codes, never a secret and never a command. */
export type Log = (severity: Severity, message: string, fields?: LogFields) => void;

/** Log lines as Cloud Logging parses them from a container's output: one JSON object a line. */
export function createJsonLog(service: string, write: (line: string) => void, now: () => number): Log {
  return (severity, message, fields = {}) => {
    const entry = { severity, message, time: new Date(now()).toISOString(), service, ...plain(fields) };
    write(`${JSON.stringify(entry)}\n`);
  };
}

/** Errors keep their text and cause; as plain JSON they would be `{}`. */
function plain(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? describe(value) : value]),
  );
}

const describe = (error: Error): string =>
  error.cause === undefined ? error.message : `${error.message} (cause: ${String(error.cause)})`;
