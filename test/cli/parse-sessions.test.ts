import { describe, expect, it } from '@jest/globals';
import { parseCheckpoints } from '../../cli/checkpoints.ts';
import { parseDiff } from '../../cli/diff.ts';
import { parseFork } from '../../cli/fork.ts';
import { parseGc } from '../../cli/gc.ts';
import { parseRewind } from '../../cli/rewind.ts';
import { parseSessions } from '../../cli/sessions.ts';

describe('the arguments of sandbus sessions', () => {
  it.each([
    { args: [], value: { verb: 'ls', json: false, limit: null } },
    { args: ['ls', '--limit', '5'], value: { verb: 'ls', json: false, limit: 5 } },
    { args: ['show', 's1'], value: { verb: 'show', json: false, id: 's1' } },
    { args: ['close', 's1'], value: { verb: 'close', json: false, id: 's1' } },
    { args: ['close', '--json', '--', 's1'], value: { verb: 'close', json: true, id: 's1' } },
    { args: ['rm', 's1', '--wait'], value: { verb: 'rm', json: false, id: 's1', wait: true } },
    { args: ['--help'], value: null },
  ])('$args are read', ({ args, value }) => {
    expect(parseSessions(args)).toEqual({ ok: true, value });
  });
  it.each([
    { args: ['open', 's1'], problem: 'sessions has no "open": it has ls, show, close and rm' },
    { args: ['ls', 's1'], problem: 'sessions ls takes no "s1"' },
    { args: ['--limit', '0'], problem: '--limit "0" must be a whole number from 1 on' },
    { args: ['close'], problem: 'sessions close needs the id of a session' },
    { args: ['close', 'a', 'b'], problem: '"b" is one argument too many' },
    { args: ['close', 'a', '--wait'], problem: '--wait is for sessions rm' },
    { args: ['rm', 'a', '--limit', '1'], problem: '--limit is for sessions ls' },
  ])('$args are refused', ({ args, problem }) => {
    expect(parseSessions(args)).toEqual({ ok: false, problem });
  });
});

describe('the arguments of sandbus checkpoints, diff, rewind and fork', () => {
  it.each([
    [parseCheckpoints, ['s1', '--limit', '3'], { json: false, id: 's1', limit: 3 }],
    [parseCheckpoints, ['s1'], { json: false, id: 's1', limit: null }],
    [parseRewind, ['s1', '7'], { json: false, id: 's1', checkpoint: 7, wait: false, idempotencyKey: null }],
    [
      parseRewind,
      ['s1', '7', '--wait', '--idempotency-key', 'k', '--json'],
      { json: true, id: 's1', checkpoint: 7, wait: true, idempotencyKey: 'k' },
    ],
    [parseFork, ['s1'], { json: false, id: 's1', at: null, newId: null, idempotencyKey: null }],
    [
      parseFork,
      ['s1', '--at', '7', '--id', 's2', '--idempotency-key', 'k'],
      { json: false, id: 's1', at: 7, newId: 's2', idempotencyKey: 'k' },
    ],
    [parseDiff, ['s1', '7'], { json: false, text: false, id: 's1', from: 7, to: null }],
    [parseDiff, ['s1', '7', '9', '--json', '--text'], { json: true, text: true, id: 's1', from: 7, to: 9 }],
    [parseFork, ['-h'], null],
  ])('%p reads %j', (parse, args, value) => {
    expect(parse(args)).toEqual({ ok: true, value });
  });
  it.each([
    [parseCheckpoints, [], 'checkpoints needs the id of a session'],
    [parseCheckpoints, ['a', 'b'], '"b" is one argument too many'],
    [parseRewind, ['s1'], 'rewind needs the id of a session and the number of a checkpoint'],
    [parseRewind, ['s1', '0'], 'the checkpoint "0" must be a whole number from 1 on'],
    [parseRewind, ['s1', '1', '2'], '"2" is one argument too many'],
    [parseDiff, ['s1'], 'diff needs the id of a session and the number of a checkpoint'],
    [parseDiff, ['s1', '1', 'x'], 'the checkpoint "x" must be a whole number from 1 on'],
    [parseFork, [], 'fork needs the id of a session'],
    [parseFork, ['s1', '--at', 'head'], '--at "head" must be a whole number from 1 on'],
  ])('%p refuses %j', (parse, args, problem) => {
    expect(parse(args)).toEqual({ ok: false, problem });
  });
});

describe('the arguments of sandbus gc', () => {
  const all = { json: false, dryRun: false, session: null, graceMs: null };
  it.each([
    [[], all],
    [
      ['--dry-run', '-s', 's1', '--grace', '2h', '--json'],
      { json: true, dryRun: true, session: 's1', graceMs: 7_200_000 },
    ],
    [['--grace', '60m'], { ...all, graceMs: 3_600_000 }],
    [['--grace', '0s', '--dry-run'], { ...all, dryRun: true, graceMs: 0 }],
    [['--help'], null],
  ])('%j are read', (args, value) => {
    expect(parseGc(args)).toEqual({ ok: true, value });
  });
  it.each([
    [['s1'], 'gc takes no "s1"; --session names a session'],
    [['--grace', 'long'], '--grace "long" must be a time with its unit, such as 250ms, 30s, 5m or 1h'],
    ...['0s', '59.9m'].map((grace): [string[], string] => [
      ['--grace', grace],
      `--grace "${grace}" must be 60m or more, unless with --dry-run: younger objects may be about to be used`,
    ]),
  ])('%j are refused', (args, problem) => {
    expect(parseGc(args)).toEqual({ ok: false, problem });
  });
});
