import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Recorded } from './record-deployment.ts';

/** What the provider's own documentation says of one argument. */
interface Argument {
  /** `Possible values are: …`; null where it lists none. */
  readonly values: readonly string[] | null;
  /** Namespace and interface of a nested object. */
  readonly nested: string | null;
}

type Interfaces = ReadonlyMap<string, ReadonlyMap<string, Argument>>;

const provider = join(import.meta.dirname, '../node_modules/@pulumi/gcp');

function valuesIn(doc: string): readonly string[] | null {
  const [, list] =
    /Possible values (?:are|include):?((?:\s*(?:,|and|or)?\s*`[^`]+`)+)/i.exec(doc.replace(/\n\s*\*/g, ' ')) ?? [];
  return list === undefined ? null : [...list.matchAll(/`"?([^`"]+)"?`/g)].map(([, value]) => value ?? '');
}

/** Interfaces of a declaration file, by `namespace.Name`; the namespace of a resource's own file is empty. */
function readInterfaces(file: string): Interfaces {
  const interfaces = new Map<string, Map<string, Argument>>();
  let namespace = '';
  let current: Map<string, Argument> | null = null;
  let doc = '';
  for (const line of readFileSync(join(provider, file), 'utf8').split('\n')) {
    const opened = /^(?:export declare )?namespace (\w+) \{/.exec(line.trim());
    const declared = /^(?:export )?interface (\w+) \{/.exec(line.trim());
    const argument = /^ +(\w+)\??: (pulumi\.Input<.*)$/.exec(line);
    if (opened !== null) namespace = `${opened[1]}.`;
    else if (declared !== null) {
      current = new Map();
      interfaces.set(`${namespace}${declared[1]}`, current);
    } else if (/^\s*\/?\*/.test(line)) doc += `${line}\n`;
    else if (argument !== null) {
      const [, nested] = /inputs\.(\w+\.\w+)/.exec(argument[2] ?? '') ?? [];
      current?.set(argument[1] ?? '', { values: valuesIn(doc), nested: nested ?? null });
      doc = '';
    } else doc = '';
  }
  return interfaces;
}

let nestedInterfaces: Interfaces | undefined;
const resourceFiles = new Map<string, Interfaces>();

/** The file of a resource: its name differs from the type's in case, or by an underscore. */
function fileOf(module: string): string {
  const folder = dirname(module);
  const wanted = `${module.replace(/\/index$/, '/index_')}.d.ts`.toLowerCase();
  const file = readdirSync(join(provider, folder)).find((name) => `${folder}/${name}`.toLowerCase() === wanted);
  if (file === undefined) throw new Error(`the provider has no file for ${module}`);
  return `${folder}/${file}`;
}

function argumentsOf(type: string): ReadonlyMap<string, Argument> {
  const [, module = '', name = ''] = /^gcp:([^:]+):(\w+)$/.exec(type) ?? [];
  const file = fileOf(module);
  const interfaces = resourceFiles.get(file) ?? readInterfaces(file);
  resourceFiles.set(file, interfaces);
  return interfaces.get(`${name}Args`) ?? new Map();
}

export const countOfValueLists = (): number =>
  [...nested().values()].flatMap((fields) => [...fields.values()]).filter(({ values }) => values !== null).length;

function nested(): Interfaces {
  nestedInterfaces ??= readInterfaces('types/input.d.ts');
  return nestedInterfaces;
}

/** Arguments that the provider says take a number of seconds. */
const durations =
  /^(?:timeout|duration|minimumBackoff|maximumBackoff|messageRetentionDuration|alignmentPeriod|autoClose|retention|olderThan|attemptDeadline)$/;

/** Arguments whose values are not among those that the provider lists, and durations of another form. */
export function refusedValues({ type, name, inputs }: Recorded): readonly string[] {
  const problems: string[] = [];
  const visit = (value: unknown, fields: ReadonlyMap<string, Argument>, path: string): void => {
    for (const [key, given] of Object.entries(Object(value) as Record<string, unknown>)) {
      const argument = fields.get(key);
      const all: readonly unknown[] = Array.isArray(given) ? given : [given];
      for (const one of all) {
        const isListed = argument?.values == null || typeof one !== 'string' || argument.values.includes(one);
        if (!isListed)
          problems.push(`${path}.${key} is ${JSON.stringify(one)}: none of ${argument?.values?.join(', ')}`);
        if (durations.test(key) && typeof one === 'string' && !/^\d+(?:\.\d+)?s$/.test(one)) {
          problems.push(`${path}.${key} is ${JSON.stringify(one)}: no number of seconds`);
        }
        const below = argument?.nested == null ? undefined : nested().get(argument.nested);
        if (below !== undefined && one !== null && typeof one === 'object') visit(one, below, `${path}.${key}`);
      }
    }
  };
  visit(inputs, argumentsOf(type), `${type} ${name}`);
  return problems;
}
