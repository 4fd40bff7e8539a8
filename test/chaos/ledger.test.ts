import { describe, expect, it } from '@jest/globals';
import { type Facts, isClean, makeLedger, renderLedger } from './ledger.ts';
import { drawPicture } from './picture.ts';

const asked = { executionId: 'e1', sessionId: 's1', maxStarts: 1, duplicates: 0, isBroken: false };
const ended = { executionId: 'e1', sessionId: 's1', seq: 1, state: 'finished', outcome: 'exited', history: 1 };
const facts = (changed: Partial<Facts> = {}): Facts => ({
  asked: [asked],
  ended: [ended],
  effects: ['e1'],
  notified: new Set(['e1', 'e2']),
  deadLetters: [],
  garbage: 0,
  leases: [],
  busySessions: [],
  executorsLeft: 0,
  ...changed,
});
const wrongsOf = (changed: Partial<Facts>) =>
  Object.entries(makeLedger(facts(changed)).mustBeEmpty).filter(([, ids]) => ids.length > 0);

describe('the ledger of a chaos run', () => {
  const second = { ...ended, executionId: 'e2', seq: 2, history: 2 };
  const both = { asked: [asked, { ...asked, executionId: 'e2' }] };

  it('is clean when everything that was asked ran once, in order, and was announced', () => {
    expect(isClean(makeLedger(facts()))).toBe(true);
    expect(wrongsOf({ ...both, ended: [ended, second], effects: ['e1', 'e2'] })).toEqual([]);
  });

  it.each<[string, Partial<Facts>, readonly string[]]>([
    ['neither stored nor dead-lettered', { ended: [], effects: [] }, ['lost', 'e1']],
    ['unreadable and in no dead letter', { garbage: 1 }, ['lost', 'an unreadable message']],
    ['two runs of what may start once', { effects: ['e1', 'e1'] }, ['run twice', 'e1']],
    ['no end', { ended: [{ ...ended, state: 'queued', outcome: null }] }, ['stuck', 'e1 (queued)']],
    ['a lease that is left', { leases: ['l1'] }, ['stuck', 'lease l1']],
    ['a session that goes on waiting', { busySessions: ['s1'] }, ['stuck', 'session s1']],
    ['an executor that is left', { executorsLeft: 1 }, ['stuck', 'an executor that has nothing to do']],
    ['success without a run', { effects: [] }, ['told success, did not run', 'e1']],
    ['an overtaken execution', { ...both, ended: [ended, second], effects: ['e2', 'e1'] }, ['out of order', 'e1']],
    ['a forgotten state', { ended: [ended, { ...second, history: 1 }], effects: ['e1', 'e2'] }, ['state lost', 'e2']],
    ['an end that nobody was told', { notified: new Set() }, ['not announced', 'e1']],
  ])('shows %s', (_what, changed, [name, id]) => {
    expect(wrongsOf(changed)).toEqual([[name, [id]]]);
    expect(renderLedger(makeLedger(facts(changed)))).toMatch(new RegExp(`${name} +1  <- `));
  });

  it.each<[string, Partial<Facts>]>([
    ['two runs of what may start three times', { asked: [{ ...asked, maxStarts: 3 }], effects: ['e1', 'e1'] }],
    ['a lost execution that ran', { ended: [{ ...ended, outcome: 'lost', history: null }] }],
    ['a lost execution that did not run', { ended: [{ ...ended, outcome: 'lost', history: null }], effects: [] }],
    [
      'a dead letter in place of an execution',
      { ended: [], effects: [], deadLetters: [{ executionId: 'e1', code: 'delivery/exhausted', isReplayed: false }] },
    ],
  ])('takes %s for right', (_what, changed) => {
    expect(wrongsOf(changed)).toEqual([]);
  });

  it('waits for the replay of what was broken', () => {
    const deadLetters = [{ executionId: 'e1', code: 'message/invalid', isReplayed: false }];
    const broken = { asked: [{ ...asked, isBroken: true }], ended: [], effects: [], deadLetters };
    expect(wrongsOf(broken)).toEqual([['stuck', ['e1']]]);
  });
});

describe('the picture of a chaos run', () => {
  it('has a point for each sample and names each kill', () => {
    const samples = [
      { at: 0, published: 0, announced: 0 },
      { at: 10, published: 4, announced: 2 },
    ];
    const picture = drawPicture(samples, [{ at: 5, target: 'dispatcher' }], 'title');
    expect(picture.match(/points="[^"]*"/g)?.map((points) => points.split(' ').length)).toEqual([2, 2]);
    expect(picture).toContain('dispatcher killed after 5.0 s');
  });
});
