import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ceilingsFrom, completeLimits, defaultLimits, resolveLimits } from '../../execution/limits.ts';

const ceilings = ceilingsFrom({
  timeoutMs: 200_000,
  memoryMb: 1024,
  pids: 300,
  openFiles: 10_000,
  workspaceMb: 2048,
  workspaceFiles: 500_000,
  tmpMb: 512,
  outputBytes: 20_000_000,
});

describe('the limits of an execution', () => {
  it('are the defaults when the request names none', () => {
    expect(resolveLimits({}, ceilings)).toEqual({ limits: defaultLimits, over: [] });
  });

  it('are by default two minutes, 512 MiB, 256 processes, 10 MiB of output and a workspace of 1 GiB', () => {
    const mib = 1024 * 1024;
    expect({ ...defaultLimits, outputBytes: defaultLimits.outputBytes / mib }).toEqual({
      ...{ timeoutMs: 2 * 60_000, memoryMb: 512, pids: 256, outputBytes: 10, workspaceMb: 1024 },
      ...{ idleOutputMs: 2 * 60_000, cpuMs: 16 * 60_000, fileMb: 1024, openFiles: 4096 },
      ...{ workspaceFiles: 250_000, tmpMb: 256 },
    });
  });

  it('are never above the ceilings, even by default', () => {
    expect(resolveLimits({}, { ...ceilings, pids: 10 })).toEqual({ limits: { ...defaultLimits, pids: 10 }, over: [] });
  });

  it.each([
    [
      'time without output and processor time the time that the command has',
      { timeoutMs: 1000 },
      { timeoutMs: 1000, idleOutputMs: 1000, cpuMs: 8000 },
    ],
    ['the largest file the workspace', { limits: { workspaceMb: 7 } }, { workspaceMb: 7, fileMb: 7 }],
    ['nothing where it is asked for', { timeoutMs: 1000, limits: { cpuMs: 9 } }, { cpuMs: 9, idleOutputMs: 1000 }],
  ])('that nobody asks for follow others: %s', (_title, request, expected) => {
    expect(resolveLimits(request, ceilings).limits).toMatchObject(expected);
  });

  it('may be asked for up to the ceiling', () => {
    const { limits, over } = resolveLimits({ timeoutMs: 200_000, limits: { memoryMb: 1024 } }, ceilings);
    expect([limits.timeoutMs, limits.memoryMb, over]).toEqual([200_000, 1024, []]);
  });

  it('are told field by field where the request asks for more than the ceiling', () => {
    expect(resolveLimits({ timeoutMs: 200_001, limits: { pids: 301, idleOutputMs: 1 } }, ceilings).over).toEqual([
      { field: 'timeoutMs', asked: 200_001, ceiling: 200_000, of: 'deployment' },
      { field: 'pids', asked: 301, ceiling: 300, of: 'deployment' },
    ]);
  });
});

describe('the ceilings of a tenant', () => {
  const tenant = { memoryMb: 256, timeoutMs: 10_000 };

  it('lower the defaults, and what follows from them', () => {
    expect(resolveLimits({}, ceilings, tenant)).toMatchObject({
      limits: { memoryMb: 256, timeoutMs: 10_000, idleOutputMs: 10_000, cpuMs: 80_000, pids: 256 },
      over: [],
    });
  });

  it.each([
    [256, []],
    [257, [{ field: 'memoryMb', asked: 257, ceiling: 256, of: 'tenant' }]],
    [1025, [{ field: 'memoryMb', asked: 1025, ceiling: 256, of: 'tenant' }]],
  ])('are held against %d MiB', (memoryMb, over) => {
    expect(resolveLimits({ limits: { memoryMb } }, ceilings, tenant).over).toEqual(over);
  });

  it('do not lift those of the deployment', () => {
    expect(resolveLimits({ limits: { pids: 301 } }, ceilings, { pids: 4000 }).over).toEqual([
      { field: 'pids', asked: 301, ceiling: 300, of: 'deployment' },
    ]);
  });
});

it('the limits have the names that messages and documents give them', () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));
  const names = Object.keys(defaultLimits).sort();
  const { timeoutMs, limits } = read('exec-request.v1').properties;
  const { cpu: _withoutEffect, ...asked } = limits.properties;
  expect(Object.keys({ timeoutMs, ...asked }).sort()).toEqual(names);
  expect(read('fields.v1').$defs.limitName.enum.toSorted()).toEqual(names);
  expect(read('completion-event.v1').properties.limits.propertyNames.enum.toSorted()).toEqual(names);
  expect(read('tenant.document').properties.ceilings.propertyNames.enum.toSorted()).toEqual(names);
});

it('limits that were stored before some of them existed are completed', () => {
  const stored = { timeoutMs: 5000, memoryMb: 64, pids: 8, outputBytes: 10, workspaceMb: 3 };
  expect(completeLimits(stored)).toEqual({ ...defaultLimits, ...stored, idleOutputMs: 5000, cpuMs: 40_000, fileMb: 3 });
});
