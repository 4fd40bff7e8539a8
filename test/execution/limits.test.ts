import { describe, expect, it } from '@jest/globals';
import { defaultLimits, resolveLimits } from '../../execution/limits.ts';

const ceilings = { timeoutMs: 200_000, memoryMb: 1024, pids: 300, outputBytes: 20_000_000, workspaceMb: 2048 };

describe('the limits of an execution', () => {
  it('are the defaults when the request names none', () => {
    expect(resolveLimits({}, ceilings)).toEqual({ limits: defaultLimits, over: [] });
  });
  it('are by default two minutes, 512 MiB, 256 processes, 10 MiB of output and a workspace of 1 GiB', () => {
    const mib = 1024 * 1024;
    expect({ ...defaultLimits, outputBytes: defaultLimits.outputBytes / mib }).toEqual({
      ...{ timeoutMs: 2 * 60_000, memoryMb: 512, pids: 256, outputBytes: 10, workspaceMb: 1024 },
    });
  });
  it('are never above the ceilings, even by default', () => {
    expect(resolveLimits({}, { ...ceilings, pids: 10 })).toEqual({ limits: { ...defaultLimits, pids: 10 }, over: [] });
  });
  it('may be asked for up to the ceiling', () => {
    const { limits, over } = resolveLimits({ timeoutMs: 200_000, limits: { memoryMb: 1024 } }, ceilings);
    expect([limits.timeoutMs, limits.memoryMb, over]).toEqual([200_000, 1024, []]);
  });
  it('are told field by field where the request asks for more than the ceiling', () => {
    expect(resolveLimits({ timeoutMs: 200_001, limits: { pids: 301 } }, ceilings).over).toEqual([
      { field: 'timeoutMs', asked: 200_001, ceiling: 200_000 },
      { field: 'pids', asked: 301, ceiling: 300 },
    ]);
  });
});
