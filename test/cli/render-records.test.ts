import { describe, expect, it } from '@jest/globals';
import { renderDeadLetter, renderDeadLetters } from '../../cli/render-dead-letters.ts';
import { renderExecution, renderExecutions } from '../../cli/render-executions.ts';
import { renderDismissals, renderReplayCounts, renderReplays } from '../../cli/render-replays.ts';
import type { DeadLetter, Execution, Outcome, Stages, Status } from '../../client/index.ts';
import { aResult } from './a-result.ts';

const execution: Execution = {
  executionId: 'e',
  sessionId: 's',
  tenantId: 'default',
  seq: 2,
  state: 'finished',
  status: 'failed',
  outcome: { kind: 'exited', exitCode: 3 },
  exitCode: 3,
  signal: null,
  command: 'exit\n3',
  generation: 1,
  starts: 1,
  acceptedAt: new Date('2026-01-01T00:00:00.250Z'),
  finishedAt: new Date('2026-01-01T00:00:01.500Z'),
  labels: { team: 'x' },
  replayOf: null,
  replays: [],
  heldResult: null,
  ignoredEvents: [],
  result: null,
};

const deadLetter: DeadLetter = {
  deadLetterId: 'd',
  state: 'replayed',
  code: 'message/invalid',
  reason: 'command is required',
  source: { topic: 'exec-requests', subscription: 'q', messageId: '7', publishTime: '2026-01-01T00:00:00Z' },
  executionId: null,
  sessionId: 's',
  tenantId: null,
  labels: [],
  startCheckpoint: null,
  attributes: { type: 'exec-request.v1' },
  deliveryAttempts: 1,
  deadLetteredAt: new Date('2026-01-01T00:00:02.000Z'),
  replays: [
    {
      ...{ replayId: 'r', executionId: 'e2', reason: 'fixed', refused: null },
      ...{ replayedAt: new Date('2026-01-01T00:00:03Z'), publishedAt: new Date('2026-01-01T00:00:04Z') },
    },
  ],
  dismissal: null,
  holds: null,
  data: Buffer.from('{"sessionId":"s"}'),
};

describe('the list of executions', () => {
  it('has a line for each, with the end or the state and the command on one line', () => {
    const running = { ...execution, state: 'running', status: null, exitCode: null, finishedAt: null } as const;
    expect(renderExecutions([execution, running], null)).toBe(
      [
        'EXECUTION  SESSION  SEQ  STATUS   EXIT  ACCEPTED               TOOK  COMMAND',
        'e          s          2  failed      3  2026-01-01T00:00:00Z  1.3 s  exit␊3',
        'e          s          2  running        2026-01-01T00:00:00Z         exit␊3',
        '',
      ].join('\n'),
    );
  });

  it.each([
    { field: 'command', width: 60 },
    { field: 'sessionId', width: 40 },
  ] as const)('cuts a long $field', ({ field, width }) => {
    const shown = (length: number) => renderExecutions([{ ...execution, [field]: 'x'.repeat(length) }], null);
    expect(shown(width)).toMatch(new RegExp(`\\bx{${width}}\\b`));
    expect(shown(width + 1)).toMatch(new RegExp(`\\bx{${width - 1}}…`));
  });

  it('never cuts an id, which other commands ask for', () => {
    const executionId = 'x'.repeat(128);
    expect(renderExecutions([{ ...execution, executionId }], 80)).toContain(executionId);
  });

  it('says so when there are none', () => {
    expect([renderExecutions([], 80), renderDeadLetters([], 80)]).toEqual(['no executions\n', 'no dead letters\n']);
  });
});

describe('one execution', () => {
  it('is told in pairs', () => {
    expect(renderExecution(execution).split('\n')).toEqual([
      'execution   e',
      'session     s, command 2',
      'tenant      default',
      'command     exit␊3',
      'status      failed',
      'outcome     exit code 3',
      'generation  1',
      'accepted    2026-01-01T00:00:00Z',
      'finished    2026-01-01T00:00:01Z, after 1.3 s',
      'label team  x',
      '',
    ]);
  });
});

describe('an execution whose network refused connections', () => {
  it('tells where to, why and how often', () => {
    const refused = [
      { host: '169.254.169.254', port: 80, reason: 'not-public', count: 1 },
      { host: 'example.net', port: 443, reason: 'not-allowed', count: 3 },
    ] as const;
    const result = { ...aResult(), network: { refused: [...refused], more: 2 } };
    expect(renderExecution({ ...execution, result }).split('\n')).toEqual(
      expect.arrayContaining([
        'refused     169.254.169.254 port 80: not-public',
        'refused     example.net port 443: not-allowed, 3 times',
        'refused     2 more connections',
      ]),
    );
  });
});

describe('an execution and its launches', () => {
  const lines = (fields: Partial<Execution>) => renderExecution({ ...execution, ...fields }).split('\n');
  it.each([
    [0, 'none: not launched'],
    [3, '3'],
  ])('of generation %i says so: %s', (generation, told) => {
    expect(lines({ generation })).toContain(`generation  ${told}`);
  });

  it('tells of results that came too late to count', () => {
    const late = { why: 'it has ended', ignoredAt: new Date('2026-01-01T00:00:09Z') };
    const ignoredEvents = [
      { ...late, outcome: 'exited', generation: 1 },
      { ...late, outcome: 'lost', generation: 2 },
    ];
    expect(lines({ ignoredEvents })).toEqual(
      expect.arrayContaining([
        'ignored     exited of generation 1 at 2026-01-01T00:00:09Z: it has ended',
        'ignored     lost of generation 2 at 2026-01-01T00:00:09Z: it has ended',
      ]),
    );
  });

  it('tells of its own result where that is a dead letter', () => {
    const heldResult = { deadLetterId: 'd', outcome: 'exited', until: new Date('2026-01-02T00:00:00Z') };
    expect(lines({ heldResult })).toContain(
      'held result  exited, in the dead letter d, waited for until 2026-01-02T00:00:00Z',
    );
  });
});

describe('an execution of which no wall is told', () => {
  const result = { ...aResult(), exitCode: null, status: 'lost' as Status, cwd: null, checkpoint: null, wall: null };
  const lost = { kind: 'lost', evidence: 'the task exited' } as const;
  const cancelled = { kind: 'cancelled', by: 'request', reason: 'x' } as const;
  const notStarted = 'none: the command was not started';
  it.each<[string, number, Outcome, Stages, string]>([
    ['was claimed and lost', 1, lost, {}, 'not known: no executor told of it'],
    ['was claimed and cancelled from outside', 1, cancelled, {}, 'not known: no executor told of it'],
    ['was cancelled before anybody claimed it', 0, cancelled, {}, notStarted],
    ['was cancelled before its command, as its executor says', 1, cancelled, { bootMs: 3 }, notStarted],
    ['could not be launched', 1, { kind: 'launch-failed', code: 'c', message: 'm' }, {}, notStarted],
    ['was turned down', 0, { kind: 'rejected', code: 'c', message: 'm' }, {}, notStarted],
  ])('says what is known where it %s', (_what, starts, outcome, stages, wall) => {
    const shown = renderExecution({ ...execution, starts, outcome, result: { ...result, outcome, stages } });
    expect(shown).toMatch(new RegExp(`^wall +${wall}$`, 'm'));
  });

  it('names the wall where one is told of', () => {
    const outcome = { kind: 'exited', exitCode: 0 } as const;
    const shown = renderExecution({ ...execution, outcome, result: { ...result, outcome, wall: 'bubblewrap' } });
    expect(shown).toMatch(/^wall +bubblewrap$/m);
  });
});

describe('an execution that was replayed', () => {
  it('tells what it repeats and what repeats it', () => {
    const replayOf = { executionId: 'e0', deadLetterId: 'd0', reason: 'fixed' };
    const replays = [{ executionId: 'e.r-1', deadLetterId: 'd', replayedAt: new Date('2026-01-01T00:00:03Z') }];
    expect(renderExecution({ ...execution, replayOf, replays }).split('\n')).toEqual(
      expect.arrayContaining([
        'replay of    e0 (dead letter d0, reason: fixed)',
        'replayed as  e.r-1 at 2026-01-01T00:00:03Z (dead letter d)',
      ]),
    );
  });
});

describe('replays of many dead letters', () => {
  const replayed = { deadLetterId: 'a', topic: 'exec-requests', executionId: 'e', refused: null };
  const refused = { ...replayed, deadLetterId: 'b', executionId: null, refused: 'no command' };
  it('are counted, and those that were refused are listed', () => {
    expect(renderReplayCounts([replayed, replayed], null, false)).toBe('2 replayed, 0 refused\n');
    expect(renderReplayCounts([replayed, refused], null, false).split('\n')).toEqual([
      'DEAD LETTER  TOPIC          EXECUTION  REFUSED',
      'b            exec-requests             no command',
      '1 replayed, 1 refused',
      '',
    ]);
  });
  it('are all listed in a dry run, without their messages', () => {
    const told = renderReplayCounts([{ ...replayed, message: { secret: 1 } }, refused], null, true);
    expect(told).toMatch(/^a .*\nb .*\n1 would be replayed, 1 refused\n$/m);
    expect(told).not.toContain('secret');
  });
});

describe('dismissals', () => {
  const dismissed = { deadLetterId: 'a', code: 'message/invalid', reason: 'x', refused: null };
  const refused = { ...dismissed, deadLetterId: 'b', refused: '[replay/in-progress] a replay is under way' };
  it('are counted, and those that were refused are listed', () => {
    expect(renderDismissals([dismissed], null, false)).toBe('1 dismissed, 0 refused\n');
    expect(renderDismissals([dismissed, refused], null, false).split('\n')).toEqual([
      'DEAD LETTER  CODE             REFUSED',
      'b            message/invalid  [replay/in-progress] a replay is under way',
      '1 dismissed, 1 refused',
      '',
    ]);
  });
  it('are all listed in a dry run', () => {
    expect(renderDismissals([dismissed, refused], null, true)).toMatch(
      /^a .*\nb .*\n1 would be dismissed, 1 refused\n$/m,
    );
  });
});

describe('a dead letter', () => {
  it('is a line of the list', () => {
    expect(renderDeadLetters([deadLetter], null)).toBe(
      [
        'DEAD LETTER  STATE     CODE             DEAD-LETTERED         SESSION  REASON',
        'd            replayed  message/invalid  2026-01-01T00:00:02Z  s        command is required',
        '',
      ].join('\n'),
    );
  });

  it('is cut in the list where its reason is long, and is not when it is shown', () => {
    const long = { ...deadLetter, reason: 'x'.repeat(81) };
    expect(renderDeadLetters([{ ...deadLetter, reason: 'x'.repeat(80) }], null)).toContain('x'.repeat(80));
    expect(renderDeadLetters([long], null)).toContain(`${'x'.repeat(79)}…\n`);
    expect(renderDeadLetter(long)).toContain('x'.repeat(81));
  });

  it('is shown with what filters look for, where its message tells it', () => {
    const shown = renderDeadLetter({ ...deadLetter, tenantId: 't', labels: ['team=x'], startCheckpoint: 7 });
    for (const line of ['tenant       t', 'label        team=x', 'checkpoint   7'])
      expect(shown).toContain(`${line}\n`);
  });

  it('is shown with what waits for it, and with why it was dismissed', () => {
    const dismissal = { reason: 'a test', dismissedAt: new Date('2026-01-01T00:00:05Z') };
    const holds = { executionId: 'e', until: new Date('2026-01-02T00:00:00Z') };
    const shown = renderDeadLetter({ ...deadLetter, dismissal, holds });
    expect(shown).toContain('holds        e, which waits for this result until 2026-01-02T00:00:00Z\n');
    expect(shown).toContain('dismissed    2026-01-01T00:00:05Z (reason: a test)\n');
  });

  it('gives no advice on a code of another program', () => {
    expect(renderDeadLetter({ ...deadLetter, code: 'toString' })).not.toContain('advice');
  });

  it('is shown with its replays, its attributes and its message', () => {
    const shown = renderDeadLetter(deadLetter);
    expect(shown).toContain('replay       2026-01-01T00:00:03Z as e2 (reason: fixed)\n');
    expect(shown).toContain('  type       exec-request.v1\n');
    expect(shown).toContain('advice       Correct the fields that the message lists');
    expect(shown.endsWith('\n\n{\n  "sessionId": "s"\n}\n')).toBe(true);
  });

  it('that is not JSON is shown as text that cannot move the cursor', () => {
    const shown = renderDeadLetter({ ...deadLetter, data: Buffer.from('line 1\nline\u001b[2J 2') });
    expect(shown.endsWith('\n\nline 1\nline␛[2J 2\n')).toBe(true);
  });
});

describe('the replays', () => {
  it('are told with what would be published in a dry run', () => {
    const replays = [
      { deadLetterId: 'a', topic: 'exec-requests', executionId: null, refused: 'no command', message: { a: 1 } },
    ];
    expect(renderReplays(replays, null)).toBe(
      [
        'DEAD LETTER  TOPIC          EXECUTION  REFUSED',
        'a            exec-requests             no command',
        '',
        'a would be published as:',
        '{',
        '  "a": 1',
        '}',
        '',
      ].join('\n'),
    );
  });
});
