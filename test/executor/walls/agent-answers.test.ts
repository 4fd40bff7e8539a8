import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentAnswers, parseAgentAnswer } from '../../../executor/walls/agent-answers.ts';

describe('a line of the agent', () => {
  it.each([
    ['standing', { kind: 'standing' }],
    ['waiting', { kind: 'waiting' }],
    ['started', { kind: 'started' }],
    ['refused the gate was not opened', { kind: 'refused', why: 'the gate was not opened' }],
    ['listening 00000000:1F90', { kind: 'listening', ports: [{ port: 8080, address: '0.0.0.0' }] }],
    ['ended 0', { kind: 'ended', status: 0 }],
    ['ended 255', { kind: 'ended', status: 255 }],
    ['cleared', { kind: 'cleared' }],
    ['littered processes', { kind: 'littered', what: 'processes' }],
  ])('that says "%s" is understood', (line, answer) => {
    expect(parseAgentAnswer(line)).toEqual(answer);
  });

  it.each([
    [''],
    ['listening'],
    ['listening 8080'],
    ['ended'],
    ['ended 256'],
    ['ended -1'],
    ['ended 1e1'],
    ['cleared really'],
    ['Started'],
    ['started\r'],
  ])('that says %j is none', (line) => {
    expect(parseAgentAnswer(line)).toBeNull();
  });

  it('is never more than what it says, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (line) => expect(() => parseAgentAnswer(line)).not.toThrow()));
  });
});

describe('the answers of an agent', () => {
  it('come one by one, however the pipe cuts them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 10 }), async (cuts) => {
        const pipe = new PassThrough();
        const answers = new AgentAnswers(pipe);
        let text = 'standing\nwaiting\nstarted\nended 7\ncleared\n';
        for (const cut of cuts) {
          pipe.write(text.slice(0, cut));
          text = text.slice(cut);
        }
        pipe.write(text);
        const kinds: (string | undefined)[] = [];
        for (let i = 0; i < 5; i += 1) kinds.push((await answers.next())?.kind);
        expect(kinds).toEqual(['standing', 'waiting', 'started', 'ended', 'cleared']);
      }),
    );
  });

  it.each([
    ['the pipe is closed', (pipe: PassThrough) => pipe.destroy()],
    ['the pipe fails', (pipe: PassThrough) => pipe.destroy(new Error('broken'))],
    ['something else is said', (pipe: PassThrough) => pipe.write('hello\ncleared\n')],
    ['a line does not end', (pipe: PassThrough) => pipe.write('ended '.repeat(1000))],
  ])('are over when %s', async (_title, end) => {
    const pipe = new PassThrough();
    const answers = new AgentAnswers(pipe);
    const waiting = answers.next();
    end(pipe);
    expect([await waiting, await answers.next(), answers.isOver()]).toEqual([null, null, true]);
  });
});
