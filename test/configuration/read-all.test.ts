import { describe, expect, it } from '@jest/globals';
import { readAll } from '../../configuration/read-all.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';

const failing = (problem: string) => () => {
  throw new PipelineError('config/invalid', problem);
};

describe('several configurations', () => {
  it('are read together', () => {
    expect(
      readAll(
        () => 1,
        () => 'two',
      ),
    ).toEqual([1, 'two']);
  });
  it('tell the problems of all in one error', () => {
    const read = () => readAll(failing('a: X is missing'), () => 1, failing('b: Y is missing'));
    expect(read).toThrow(new PipelineError('config/invalid', 'a: X is missing; b: Y is missing').message);
  });
  it('let any other failure through', () => {
    const bug = new Error('bug');
    expect(() =>
      readAll(() => {
        throw bug;
      }, failing('a')),
    ).toThrow(bug);
  });
});
