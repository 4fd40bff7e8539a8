import { at } from './find-inputs.ts';
import type { Recorded } from './record-deployment.ts';

/** What a mistake in the program would make of its resources. */
export type Change = (recorded: Recorded[]) => void;

/** Sets what is at a path of a resource's inputs, or removes it. */
export const set =
  (type: string, name: string, path: string, value?: unknown): Change =>
  (recorded) => {
    const found = recorded.find((one) => one.type.endsWith(`:${type}`) && one.name.includes(name));
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    const parent = steps.length === 0 ? found?.inputs : at(found?.inputs, steps.join('.'));
    if (typeof parent !== 'object' || parent === null) throw new Error(`${type} ${name} has no ${path}`);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else Reflect.set(parent, last, value);
  };

export const remove =
  (type: string, name: string): Change =>
  (recorded) => {
    const index = recorded.findIndex((one) => one.type.endsWith(`:${type}`) && one.name.includes(name));
    if (index === -1) throw new Error(`there is no ${type} ${name}`);
    recorded.splice(index, 1);
  };

export const add =
  (type: string, inputs: Readonly<Record<string, unknown>>): Change =>
  (recorded) =>
    void recorded.push({ type: `gcp:${type}`, name: 'added', inputs });

export const env =
  (service: string, variable: string, value: string): Change =>
  (recorded) => {
    const envs = at(
      recorded.find(({ name, type }) => name === service && type.endsWith(':Service'))?.inputs,
      'template.containers.0.envs',
    );
    const entry = (envs as { name: string; value: string }[]).find(({ name }) => name === variable);
    if (entry === undefined) throw new Error(`${service} has no ${variable}`);
    entry.value = value;
  };

export const secretOf =
  (service: string, variable: string, secret: string): Change =>
  (recorded) => {
    const found = recorded.find(({ name, type }) => name === service && type.endsWith(':Service'));
    const envs = at(found?.inputs, 'template.containers.0.envs') as { name: string; valueSource: object }[];
    const entry = envs.find(({ name }) => name === variable);
    if (entry === undefined) throw new Error(`${service} has no ${variable}`);
    entry.valueSource = { secretKeyRef: { secret, version: '1' } };
  };

export const dropEnv =
  (service: string, variable: string): Change =>
  (recorded) => {
    const found = recorded.find(({ name, type }) => name === service && type.endsWith(':Service'));
    const envs = at(found?.inputs, 'template.containers.0.envs') as { name: string }[];
    const index = envs.findIndex(({ name }) => name === variable);
    if (index === -1) throw new Error(`${service} has no ${variable}`);
    envs.splice(index, 1);
  };
