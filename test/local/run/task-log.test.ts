import { describe, expect, it } from '@jest/globals';
import { createTaskLog } from '../../../local/run/task-log.ts';

describe('the log of a task', () => {
  it('keeps all of what fits and the end of what does not', () => {
    const log = createTaskLog(5);
    log.append('abc');
    log.append('de');
    expect(log.text()).toBe('abcde');
    log.append('f');

    expect(log.text()).toBe('bcdef');
  });

  it('keeps the end of one piece that is longer than the log', () => {
    const log = createTaskLog(3);
    log.append('abcdef');

    expect(log.text()).toBe('def');
  });
});
