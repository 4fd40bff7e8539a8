import { describe, expect, it } from '@jest/globals';
import { parseExec } from '../../cli/exec.ts';

const session = ['--session', 's'];

describe('sandbus exec', () => {
  it('takes a session and a command', () => {
    expect(parseExec([...session, '--', 'echo hi'])).toEqual({
      ok: true,
      value: {
        json: false,
        check: false,
        sessionId: 's',
        command: 'echo hi',
        stdinFrom: null,
        secrets: [],
        saveTo: null,
        options: {},
      },
    });
  });

  it('takes limits, and leaves it to the schema which there are', () => {
    const args = [
      '-s',
      's',
      '--limit',
      'cpuMs=500',
      '--limit',
      'memory=much',
      '--on-output-limit',
      'discard',
      '--',
      'yes',
    ];
    expect(parseExec(args)).toMatchObject({
      ok: true,
      value: { options: { limits: { cpuMs: 500, memory: 'much' }, onOutputLimit: 'discard' } },
    });
  });

  it('takes every option', () => {
    const args = ['-s', 's', '--cwd', 'src', '-e', 'A=1', '--env', 'B=x=y', '--timeout', '1.5m', '--stdin', '-'];
    const more = [
      '--network',
      'internet',
      '--label',
      'team=x',
      '--idempotency-key',
      'k',
      '--sequence',
      '3',
      '--priority',
      '9',
      '--tenant',
      't',
      ...['--shell', 'sh', '--output', 'dist/**', '--output', '*.png', '--save', 'out'],
      '--json',
      '--check',
    ];
    expect(parseExec([...args, ...more, '--', 'true'])).toEqual({
      ok: true,
      value: {
        json: true,
        check: true,
        sessionId: 's',
        command: 'true',
        stdinFrom: '-',
        secrets: [],
        saveTo: 'out',
        options: {
          cwd: 'src',
          shell: 'sh',
          outputs: ['dist/**', '*.png'],
          env: { A: '1', B: 'x=y' },
          timeoutMs: 90_000,
          network: 'internet',
          labels: { team: 'x' },
          sequence: 3,
          priority: 9,
          tenantId: 't',
          idempotencyKey: 'k',
        },
      },
    });
  });

  it.each([
    { args: ['--', 'ls', '-la', '--json'], command: 'ls -la --json' },
    { args: ['echo hi'], command: 'echo hi' },
    { args: ['--', 'a', '--', 'b'], command: 'a -- b' },
  ])('takes the words of $args as the command', ({ args, command }) => {
    expect(parseExec([...session, ...args])).toMatchObject({ ok: true, value: { command, json: false } });
  });

  it('takes names of secrets and where they are read from, and no values', () => {
    const read = parseExec(['-s', 's', '--secret', 'A', '--secret-file', 'B=-', '--show-secrets', 'true']);
    expect(read).toMatchObject({
      ok: true,
      value: {
        secrets: [
          { name: 'A', file: null },
          { name: 'B', file: '-' },
        ],
        options: { maskOutput: false },
      },
    });
    expect(parseExec(['-s', 's', '--secret', 'A=value', 'true'])).toMatchObject({ ok: false });
    expect(parseExec(['-s', 's', '--secret-file', 'B=-', '--stdin', '-', 'true'])).toMatchObject({ ok: false });
  });
  it('keeps an empty variable, which is not the same as none', () => {
    expect(parseExec([...session, '-e', 'A=', '--', 'true'])).toMatchObject({ value: { options: { env: { A: '' } } } });
  });

  it('takes a list of what may be reached, with ports or without', () => {
    const allow = [
      'a.example.com',
      '*.example.com:443',
      '203.0.113.0/24:80,8080',
      '2001:db8::/32',
      '2001:db8::/32:443',
    ];
    const args = allow.flatMap((text) => ['--allow', text]);
    expect(parseExec([...session, ...args, '--', 'true'])).toMatchObject({
      value: {
        options: {
          network: {
            allow: [
              { host: 'a.example.com' },
              { host: '*.example.com', ports: [443] },
              { cidr: '203.0.113.0/24', ports: [80, 8080] },
              { cidr: '2001:db8::/32' },
              { cidr: '2001:db8::/32', ports: [443] },
            ],
          },
        },
      },
    });
  });

  it.each([['--help'], ['-h'], ['--help', '--session', 's']])('tells how it is used on %j', (...args) => {
    expect(parseExec(args)).toEqual({ ok: true, value: null });
  });

  it.each([
    { args: ['--', 'true'], problem: 'exec needs --session, the name of the session to run in' },
    { args: session, problem: "exec needs a command, such as -- 'echo hi'" },
    { args: [...session, '--', ''], problem: "exec needs a command, such as -- 'echo hi'" },
    { args: [...session, '--priority', '10', '--', 'true'], problem: '--priority "10" must be a digit from 0 to 9' },
    { args: [...session, '--sequence', '0', '--', 'true'], problem: '--sequence "0" must be a whole number from 1 on' },
    { args: [...session, '--timeout', '30', '--', 'true'], problem: /^--timeout "30" must be a time with its unit/ },
    { args: [...session, '--timeout', '5d', '--', 'true'], problem: /^--timeout "5d" must be/ },
    { args: [...session, '--limit', 'cpuMs', '--', 'true'], problem: '--limit "cpuMs" must be of the form name=value' },
    {
      args: [...session, '--on-output-limit', 'stop', '--', 'true'],
      problem: '--on-output-limit "stop" must be end or discard',
    },
    { args: [...session, '--shell', 'fish', '--', 'true'], problem: '--shell "fish" must be bash or sh' },
    {
      args: [...session, '--save', 'out', '--', 'true'],
      problem: '--save needs --output, which names the files to collect, such as --output',
    },
    { args: [...session, '--env', 'A', '--', 'true'], problem: '--env "A" must be of the form name=value' },
    { args: [...session, '--env', '=1', '--', 'true'], problem: '--env "=1" must be of the form name=value' },
    { args: [...session, '--label', 'x', '--', 'true'], problem: '--label "x" must be of the form name=value' },
    { args: [...session, '--network', 'lan', '--', 'true'], problem: '--network "lan" must be none or internet' },
    { args: [...session, '--allow', 'a b:x', '--', 'true'], problem: /^--allow "a b:x" must be a host or a range/ },
    {
      args: [...session, '--allow', 'a.example.com', '--network', 'none', '--', 'true'],
      problem: '--network and --allow exclude each other',
    },
    { args: [...session, ...session, '--', 'true'], problem: '--session may be given once' },
    { args: [...session, '--tiemout', '5s', '--', 'true'], problem: "unknown option '--tiemout'" },
    { args: ['--session'], problem: /^--session needs a value$/ },
    { args: [...session, '--json=yes', '--', 'true'], problem: /^--json takes no value$/ },
  ])('refuses $args', ({ args, problem }) => {
    expect(parseExec(args)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });
});
