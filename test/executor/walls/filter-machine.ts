/** A system call as a filter sees it (struct seccomp_data). */
export interface SeenCall {
  /** AUDIT_ARCH_… */
  readonly architecture: number;
  readonly number: number;
  readonly arguments?: readonly bigint[];
}

/** Runs a program of classic BPF as the kernel would (linux/filter.h), and gives what it returns. */
export function runFilter(program: Buffer, call: SeenCall): number {
  const data = dataOf(call);
  let accumulator = 0;
  for (let at = 0; at < program.length; at += 8) {
    const code = program.readUInt16LE(at);
    const [jumpIfTrue, jumpIfFalse, k] = [program[at + 2] ?? 0, program[at + 3] ?? 0, program.readUInt32LE(at + 4)];
    const jump = (isTrue: boolean) => {
      at += 8 * (isTrue ? jumpIfTrue : jumpIfFalse);
    };
    switch (code) {
      case 0x20:
        accumulator = data.readUInt32LE(k);
        break;
      case 0x54:
        accumulator = (accumulator & k) >>> 0;
        break;
      case 0x15:
        jump(accumulator === k);
        break;
      case 0x35:
        jump(accumulator >= k);
        break;
      case 0x06:
        return k;
      default:
        throw new Error(`instruction ${at / 8} has the code ${code}`);
    }
  }
  throw new Error('the program ends without an answer');
}

function dataOf({ architecture, number, arguments: given = [] }: SeenCall): Buffer {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(architecture, 4);
  for (const [index, value] of given.entries()) data.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + 8 * index);
  return data;
}
