import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CallName, callNumber, callNumbers } from '../../../executor/walls/seccomp-calls.ts';
import { isFilteredArchitecture, seccompFilter } from '../../../executor/walls/seccomp-filter.ts';
import { refusals } from '../../../executor/walls/seccomp-rules.ts';
import { runFilter } from './filter-machine.ts';

const audit = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
const architectures = ['x64', 'arm64'] as const;
type Architecture = (typeof architectures)[number];

const allowed = 0x7fff0000;
const refused = (errno: number) => 0x00050000 + errno;
const killed = 0x80000000;
const { EPERM, ENOSYS, EAFNOSUPPORT, EPROTONOSUPPORT } = constants.errno;

/** What the filter answers to a call of a program of this architecture. */
function answer(architecture: Architecture, call: CallName | number, ...given: readonly (number | bigint)[]): number {
  const number = typeof call === 'number' ? call : (callNumber(call, architecture) ?? Number.NaN);
  const program = seccompFilter(architecture);
  return runFilter(program, { architecture: audit[architecture], number, arguments: given.map(BigInt) });
}

const onBoth = <T extends readonly unknown[]>(rows: readonly T[]) =>
  architectures.flatMap((architecture) => rows.map((row) => [architecture, ...row] as const));

const inHighWord = (low: number) => (1n << 32n) | BigInt(low);

describe.each(architectures)('the filter of %s', (architecture) => {
  const withoutTests = refusals.filter(({ call, when }) => when === undefined && callNumber(call, architecture));
  const numbersOfTested = refusals.map(({ call }) => callNumber(call, architecture));

  it('refuses more than fifty calls whatever their arguments are', () => {
    expect(withoutTests.length).toBeGreaterThan(50);
  });

  it.each(withoutTests)('refuses $call with error $errno', ({ call, errno }) => {
    expect(answer(architecture, call)).toBe(refused(errno));
    expect(answer(architecture, call, -1n, -1n, -1n)).toBe(refused(errno));
  });

  it('allows every other call with any arguments', () => {
    const last = 500;
    const others = Array.from({ length: last }, (_, number) => number).filter((one) => !numbersOfTested.includes(one));
    expect(others.length).toBeGreaterThan(400);
    fc.assert(
      fc.property(fc.constantFrom(...others), fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), (call, given) => {
        expect(answer(architecture, call, ...given.slice(0, 6))).toBe(allowed);
      }),
      { numRuns: 300 },
    );
  });

  it('answers every call, whatever it is', () => {
    const answers = [allowed, killed, ...[EPERM, ENOSYS, EAFNOSUPPORT, EPROTONOSUPPORT].map(refused)];
    const word = fc.integer({ min: 0, max: 0xffffffff });
    const given = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.oneof(word, fc.constant(audit[architecture])), word, given, (seen, number, values) => {
        const program = seccompFilter(architecture);
        expect(answers).toContain(runFilter(program, { architecture: seen, number, arguments: values }));
      }),
    );
  });

  it.each([
    ['i386', 0x40000003],
    ['arm', 0x40000028],
    ['the other one', architecture === 'x64' ? audit.arm64 : audit.x64],
    ['none', 0],
  ])('kills programs for %s at any call', (_name, seen) => {
    const program = seccompFilter(architecture);
    expect([0, 1, 39, 0x40000001].map((number) => runFilter(program, { architecture: seen, number }))).toEqual(
      Array(4).fill(killed),
    );
  });

  it('is small enough for the kernel, which takes 4096 instructions', () => {
    expect(seccompFilter(architecture).length / 8).toBeLessThan(256);
  });
});

describe('the numbers of x32', () => {
  it('are none on x86_64, from the first to the last', () => {
    expect([0x3fffffff, 0x40000000, 0x40000000 + 39, 0xffffffff].map((number) => answer('x64', number))).toEqual([
      allowed,
      ...Array(3).fill(refused(ENOSYS)),
    ]);
  });
});

describe('a new process', () => {
  it.each(
    onBoth([
      ['as fork makes it', 0x01200011, allowed],
      ['as threads are made', 0x003d0f00, allowed],
      ['as vfork makes it', 0x4111, allowed],
      ['in a new mount namespace', 0x00020011, refused(EPERM)],
      ['in a new cgroup namespace', 0x02000011, refused(EPERM)],
      ['in a new UTS namespace', 0x04000011, refused(EPERM)],
      ['in a new IPC namespace', 0x08000011, refused(EPERM)],
      ['in a new user namespace', 0x10000011, refused(EPERM)],
      ['in a new pid namespace', 0x20000011, refused(EPERM)],
      ['in a new network namespace', 0x40000011, refused(EPERM)],
      ['beside the last flag of a namespace', 0x80000011, allowed],
    ] as const),
  )('on %s %s is answered as it should', (architecture, _title, flags, expected) => {
    expect([answer(architecture, 'clone', flags), answer(architecture, 'clone', inHighWord(flags))]).toEqual([
      expected,
      expected,
    ]);
  });

  it.each(architectures)('on %s never comes from clone3, whose flags no filter can see', (architecture) => {
    expect(answer(architecture, 'clone3')).toBe(refused(ENOSYS));
  });
});

describe('unshare', () => {
  it.each(
    onBoth([
      ['files', 0x400, allowed],
      ['the root folder', 0x200, allowed],
      ['the clock', 0x80, refused(EPERM)],
      ['users', 0x10000000, refused(EPERM)],
      ['users and files', 0x10000400, refused(EPERM)],
      ['the network', 0x40000000, refused(EPERM)],
    ] as const),
  )('on %s of %s', (architecture, _what, flags, expected) => {
    expect(answer(architecture, 'unshare', flags)).toBe(expected);
  });
});

describe('a socket', () => {
  it.each(
    onBoth([
      ['of this machine', [1, 1, 0], allowed],
      ['for TCP', [2, 1, 6], allowed],
      ['for TCP that does not block and is closed on exec', [2, 0x80801, 0], allowed],
      ['for UDP over IPv6', [10, 2, 17], allowed],
      ['for pings', [2, 2, 1], allowed],
      ['for routes', [16, 3, 0], allowed],
      ['for netfilter', [16, 3, 12], refused(EPROTONOSUPPORT)],
      ['for audit', [16, 3, 9], refused(EPROTONOSUPPORT)],
      ['for SCTP', [2, 1, 132], refused(EPROTONOSUPPORT)],
      ['for multipath TCP', [10, 1, 262], refused(EPROTONOSUPPORT)],
      ['for packets by its old name', [2, 10, 0], refused(EPERM)],
      ['of no family', [0, 1, 0], refused(EAFNOSUPPORT)],
      ['for packets', [17, 3, 0], refused(EAFNOSUPPORT)],
      ['of the crypto interface', [38, 5, 0], refused(EAFNOSUPPORT)],
      ['to the hypervisor', [40, 1, 0], refused(EAFNOSUPPORT)],
      ['for Bluetooth', [31, 3, 1], refused(EAFNOSUPPORT)],
    ] as const),
  )('on %s %s is answered as it should, in a pair too', (architecture, _title, given, expected) => {
    const [family, type, protocol] = given;
    const inHighWords = [family, type, protocol].map(inHighWord);
    expect([
      answer(architecture, 'socket', ...given),
      answer(architecture, 'socket', ...inHighWords),
      answer(architecture, 'socketpair', ...given),
    ]).toEqual([expected, expected, expected]);
  });
});

describe('a terminal', () => {
  it.each(
    onBoth([
      ['asked for its size', 0x5413, allowed],
      ['at the request before TIOCSTI', 0x5411, allowed],
      ['given input (TIOCSTI)', 0x5412, refused(EPERM)],
      ['given its selection (TIOCLINUX)', 0x541c, refused(EPERM)],
      ['asked what the kernel takes for TIOCSTI', inHighWord(0x5412), refused(EPERM)],
    ] as const),
  )('on %s is %s', (architecture, _title, request, expected) => {
    expect(answer(architecture, 'ioctl', 0, request)).toBe(expected);
  });
});

describe('a personality', () => {
  it.each(
    onBoth([
      [0, allowed],
      [0x8, allowed],
      [0x40000, allowed],
      [0x40008, allowed],
      [0xffffffff, allowed],
      [0x1, refused(EPERM)],
      [0x400000, refused(EPERM)],
      [0x100000, refused(EPERM)],
    ] as const),
  )('on %s of %d', (architecture, persona, expected) => {
    expect(answer(architecture, 'personality', persona)).toBe(expected);
  });
});

describe('the table of calls', () => {
  it('has each number once for each processor', () => {
    for (const index of [0, 1] as const) {
      const numbers = Object.values(callNumbers).flatMap((row) => row[index] ?? []);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  it('has no call without a rule', () => {
    const ruled = new Set(refusals.map(({ call }) => call));
    expect(Object.keys(callNumbers).filter((name) => !ruled.has(name as CallName))).toEqual([]);
  });

  it.each([
    ['x64', true],
    ['arm64', true],
    ['ia32', false],
    ['riscv64', false],
    ['toString', false],
  ])('is for %s: %s', (name, is) => {
    expect(isFilteredArchitecture(name)).toBe(is);
  });
});
