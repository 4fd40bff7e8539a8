import { describe, expect, it } from '@jest/globals';
import { forgetfulStore } from '../../../local/pubsub/store.ts';
import { Turns } from '../../../local/pubsub/turns.ts';

/** Turns over a store that writes down when it commits; the first commits fail as often as told. */
function recordedTurns(failingCommits = 0) {
  const events: string[] = [];
  let failing = failingCommits;
  const commit = () => {
    if (failing-- > 0) throw new Error('disk full');
    events.push('commit');
  };
  const turns = new Turns({ ...forgetfulStore, commit });
  const send = (text: string) => turns.afterCommit(() => events.push(`send ${text}`));
  const deliverer = {
    handOut() {
      events.push('hand out');
      send('delivery');
    },
  };
  return { turns, events, send, deliverer };
}

describe('a turn', () => {
  it('changes, hands out, commits and sends, in this order and once each, however deep its parts go', () => {
    const { turns, events, send, deliverer } = recordedTurns();
    const change = (text: string) =>
      turns.run(() => {
        events.push(`change ${text}`);
        turns.deliverAtEnd(deliverer);
      });
    turns.run(() => {
      send('answer');
      change('a');
      change('b');
    });
    expect(events).toEqual(['change a', 'change b', 'hand out', 'commit', 'send answer', 'send delivery']);
  });

  it('sends nothing when the commit fails, and the next turn sends its own only', () => {
    const { turns, events, send } = recordedTurns(1);
    expect(() => turns.run(() => send('lost'))).toThrow('disk full');
    turns.run(() => send('next'));
    expect(events).toEqual(['commit', 'send next']);
  });

  it('commits what was changed before it threw', () => {
    const { turns, events } = recordedTurns();
    const fail = () => {
      throw new Error('refused');
    };
    expect(() => turns.run(() => turns.run(fail))).toThrow('refused');
    expect(events).toEqual(['commit']);
  });

  it('that a send starts is a turn of its own', () => {
    const { turns, events, send } = recordedTurns();
    turns.run(() => turns.afterCommit(() => turns.run(() => send('second'))));
    expect(events).toEqual(['commit', 'commit', 'send second']);
  });
});
