import { describe, expect, it } from '@jest/globals';
import { createJsonLog } from '../../logging/logger.ts';

describe('a log line', () => {
  it('is one JSON object with what Cloud Logging reads, and the text of errors with their cause', () => {
    const lines: string[] = [];
    const log = createJsonLog(
      'dispatcher',
      (line) => lines.push(line),
      () => 0,
    );
    log('ERROR', 'failed', { executionId: 'e1', error: new Error('outer', { cause: new Error('inner') }) });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        severity: 'ERROR',
        message: 'failed',
        time: '1970-01-01T00:00:00.000Z',
        service: 'dispatcher',
        executionId: 'e1',
        error: 'outer (cause: Error: inner)',
      },
    ]);
  });
});
