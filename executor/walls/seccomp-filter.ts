import { callNumber, type FilteredArchitecture } from './seccomp-calls.ts';
import { type ArgumentTest, type Refusal, refusals } from './seccomp-rules.ts';

/** One instruction of classic BPF (linux/filter.h): `jt` and `jf` say how many to pass over. */
interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

const instruction = (code: number, k: number, jt = 0, jf = 0): Instruction => ({ code, jt, jf, k: k >>> 0 });
/** Of `struct seccomp_data`, a word of 32 bits. */
const load = (offset: number) => instruction(0x20, offset);
const and = (mask: number) => instruction(0x54, mask);
const jumpIfEqual = (value: number, jt: number, jf: number) => instruction(0x15, value, jt, jf);
const jumpIfAtLeast = (value: number, jt: number, jf: number) => instruction(0x35, value, jt, jf);
const giveBack = (action: number) => instruction(0x06, action);

const killProcess = 0x8000_0000;
const allow = 0x7fff_0000;
const refuse = (errno: number) => 0x0005_0000 | errno;

const offsets = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index } as const;
const auditArchitectures: Readonly<Record<FilteredArchitecture, number>> = { x64: 0xc000_003e, arm64: 0xc000_00b7 };
/** From here on are the numbers of x32, a second set of calls of x86_64 with numbers of its own. */
const firstX32 = 0x4000_0000;
const notThere = 38;

export const isFilteredArchitecture = (name: string): name is FilteredArchitecture =>
  Object.hasOwn(auditArchitectures, name);

/**
 * The program that the kernel runs at each system call of a command, for `bwrap --seccomp`. A program of another
 * architecture (32-bit ones on x86_64) is killed at its first call, because its numbers mean other calls, and with all
 * of them refused it could not even end.
 */
export function seccompFilter(architecture: FilteredArchitecture): Buffer {
  const isOurs = jumpIfEqual(auditArchitectures[architecture], 1, 0);
  return encode([
    load(offsets.architecture),
    isOurs,
    giveBack(killProcess),
    load(offsets.number),
    ...(architecture === 'x64' ? [jumpIfAtLeast(firstX32, 0, 1), giveBack(refuse(notThere))] : []),
    ...[...Map.groupBy(refusals, ({ call }) => call)].flatMap(([call, ofCall]) => {
      const number = callNumber(call, architecture);
      return number === null ? [] : blockOf(number, ofCall);
    }),
    giveBack(allow),
  ]);
}

/** All refusals of one call. The number is gone when an argument is looked at, so what none of them refuses is allowed. */
function blockOf(number: number, ofCall: readonly Refusal[]): readonly Instruction[] {
  const tests = ofCall.flatMap(({ when = [], errno }) => refuseWhen(when, errno));
  const block = ofCall.some(({ when }) => when === undefined) ? tests : [...tests, giveBack(allow)];
  return [jumpIfEqual(number, 0, block.length), ...block];
}

/** Goes on behind its end when a test does not hold. */
function refuseWhen([test, ...others]: readonly ArgumentTest[], errno: number): readonly Instruction[] {
  if (test === undefined) return [giveBack(refuse(errno))];
  const then = refuseWhen(others, errno);
  const { argument, mask, is, values } = test;
  const comparisons = values.map((value, index) => {
    const left = values.length - 1 - index;
    const behind = left + then.length;
    if (is === 'none-of') return jumpIfEqual(value, behind, 0);
    return left === 0 ? jumpIfEqual(value, 0, behind) : jumpIfEqual(value, left, 0);
  });
  return [load(offsets.argument(argument)), ...(mask === undefined ? [] : [and(mask)]), ...comparisons, ...then];
}

/** As `struct sock_filter`; both architectures have the low byte first. */
function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, { code, jt, jf, k }] of program.entries()) {
    if (jt > 0xff || jf > 0xff) throw new Error(`instruction ${index} of the filter jumps too far`);
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jt, index * 8 + 2);
    bytes.writeUInt8(jf, index * 8 + 3);
    bytes.writeUInt32LE(k, index * 8 + 4);
  }
  return bytes;
}
