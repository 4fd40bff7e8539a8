import { describe, expect, it } from '@jest/globals';
import { applyOverrides } from '../../../local/run/apply-overrides.ts';
import type { ContainerOverride, ExecutionTemplate } from '../../../local/run/wire-messages.ts';

const template: ExecutionTemplate = {
  labels: {},
  annotations: {},
  parallelism: 0,
  taskCount: 1,
  template: {
    timeout: { seconds: 600, nanos: 0 },
    containers: [
      {
        name: 'main',
        image: 'local/x',
        command: ['x'],
        args: ['a'],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
    ],
  },
};
const override = (changes: Partial<ContainerOverride>): ContainerOverride => ({
  name: '',
  args: [],
  env: [],
  clearArgs: false,
  ...changes,
});
const containerAfter = (...containerOverrides: ContainerOverride[]) =>
  applyOverrides(template, { containerOverrides, taskCount: 0, timeout: null }).template?.containers[0];

describe('overrides of an execution', () => {
  it('leave the template alone when there are none', () => {
    expect(applyOverrides(template, null)).toBe(template);
    expect(applyOverrides(template, { containerOverrides: [], taskCount: 0, timeout: null })).toEqual(template);
  });

  it('replace a variable of the same name in its place and append others', () => {
    const env = [
      { name: 'C', value: '3' },
      { name: 'A', value: 'new' },
    ];

    expect(containerAfter(override({ env }))?.env).toEqual([
      { name: 'A', value: 'new' },
      { name: 'B', value: '2' },
      { name: 'C', value: '3' },
    ]);
  });

  it('prefer args over clearArgs when both are given', () => {
    expect(containerAfter(override({ args: ['b'], clearArgs: true }))?.args).toEqual(['b']);
  });

  it('apply one after the other', () => {
    expect(containerAfter(override({ args: ['b'] }), override({ name: 'main', clearArgs: true }))?.args).toEqual([]);
  });

  it('never change the job that they were made for', () => {
    const before = structuredClone(template);
    containerAfter(override({ args: ['b'], env: [{ name: 'A', value: 'new' }] }));

    expect(template).toEqual(before);
  });

  it.each([
    ['1000 args are allowed', 1000, 'allowed'],
    ['1001 args are refused', 1001, 'refused'],
  ])('%s', (_, count, verdict) => {
    const apply = () => containerAfter(override({ args: Array.from({ length: count }, () => 'x') }));

    expect(verdictOf(apply)).toBe(verdict);
  });

  it.each([
    ['a value of 32,768 bytes is allowed', 'x'.repeat(32_768), 'allowed'],
    ['a value of 32,769 bytes is refused', 'x'.repeat(32_769), 'refused'],
    ['a value of 32,769 bytes in fewer characters is refused', `x${'é'.repeat(16_384)}`, 'refused'],
  ])('%s', (_, value, verdict) => {
    expect(verdictOf(() => containerAfter(override({ env: [{ name: 'V', value }] })))).toBe(verdict);
  });
});

function verdictOf(apply: () => unknown): 'allowed' | 'refused' {
  try {
    apply();
    return 'allowed';
  } catch {
    return 'refused';
  }
}
