import { describe, expect, it } from '@jest/globals';
import { parseExecutionName, parseJobName, parsePlace, parseTaskName } from '../../../local/run/resource-names.ts';

const job = 'projects/p-1/locations/europe-west1/jobs/j';

describe('a resource name', () => {
  it('is taken apart', () => {
    expect(parseTaskName('name', `${job}/executions/j-abc12/tasks/j-abc12-task0`)).toEqual({
      project: 'p-1',
      location: 'europe-west1',
      job: 'j',
      execution: 'j-abc12',
      task: 'j-abc12-task0',
    });
  });

  it.each([
    'projects/123456/locations/x',
    'projects/example.com:legacy/locations/x',
  ])('may name a project as in %s', (name) => {
    expect(parsePlace('parent', name).location).toBe('x');
  });

  it('may stand for all jobs or all executions with a hyphen', () => {
    expect(parseExecutionName('parent', 'projects/p/locations/l/jobs/-/executions/-')).toMatchObject({
      job: '-',
      execution: '-',
    });
  });

  it.each([
    ['', parseJobName],
    ['jobs/j', parseJobName],
    [`${job}/`, parseJobName],
    [`/${job}`, parseJobName],
    [`${job}\n`, parseJobName],
    [`${job}/executions/e`, parseJobName],
    [job, parseExecutionName],
    [`${job}/executions/E`, parseExecutionName],
    [`${job}/executions/e`, parseTaskName],
    ['projects//locations/l', parsePlace],
  ])('is refused with its field, its value and the right form: %j', (name, parse) => {
    expect(() => parse('the.field', name)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^the\.field: '.*' must have the form projects\//s) }),
    );
  });
});
