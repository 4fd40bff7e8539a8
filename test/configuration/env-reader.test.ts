import { describe, expect, it } from '@jest/globals';
import { createEnvReader } from '../../configuration/env-reader.ts';

describe('reading the environment', () => {
  it('tells every problem at once and echoes no value', () => {
    const reader = createEnvReader({ SECRET: 'short-secret', COUNT: '11', KIND: 'other' });
    reader.text('SECRET', { pattern: /^.{32,}$/, accepted: 'at least 32 characters' });
    reader.integer('COUNT', { min: 1, max: 10 });
    reader.oneOf('KIND', ['pull', 'push']);
    reader.text('ABSENT');
    reader.require(false, 'A must be more than B');
    expect(() => reader.finish('service')).toThrow(
      '[config/invalid] service: SECRET must be at least 32 characters; COUNT must be a whole number from 1 to 10; ' +
        'KIND must be one of pull, push; ABSENT is missing; A must be more than B',
    );
  });
  const readCount = (value: string) => {
    const reader = createEnvReader({ N: value });
    const number = reader.integer('N', { min: 1, max: 10 });
    reader.finish('service');
    return number;
  };
  it.each(['1', '10'])('takes %j for a whole number from 1 to 10', (value) => {
    expect(readCount(value)).toBe(Number(value));
  });
  it.each(['0', '11', '1.5', '-1', '1e1', 'ten', ' 1'])('does not take %j for a whole number from 1 to 10', (value) => {
    expect(() => readCount(value)).toThrow('N must be a whole number from 1 to 10');
  });
  it('takes an empty variable for an absent one', () => {
    const reader = createEnvReader({ N: '', KIND: '' });
    expect([reader.integer('N', { min: 1, max: 10, fallback: 7 }), reader.oneOf('KIND', ['a', 'b'], 'b')]).toEqual([
      7,
      'b',
    ]);
  });
});
