import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { subscriptions, topics } from '../../infra/topology.ts';
import { encodeMessage } from '../../schemas/encode-message.ts';
import { type MessageName, parseMessage } from '../../schemas/parse-message.ts';
import { readExamples } from './examples.ts';
import { readSchemas, schemasFolder } from './read-schemas.ts';

interface Reference {
  readonly $ref: string;
}
interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly tags: readonly { readonly name: string }[];
  readonly messages?: readonly Reference[];
}
interface Message {
  readonly headers: { readonly allOf: readonly [Reference, { readonly properties: Record<string, unknown> }] };
  readonly payload: { readonly schema: Reference };
}
interface Document {
  readonly info: { readonly tags: readonly { readonly name: string }[] };
  readonly channels: Readonly<
    Record<string, { readonly address: string; readonly messages: Record<string, Reference> }>
  >;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: { readonly envelope: { readonly properties: Record<string, unknown> } };
  };
}

const document = parse(readFileSync(join(schemasFolder, 'asyncapi.yaml'), 'utf8')) as Document;
const { channels, operations, components } = document;
const channelOf = ({ channel }: Operation) => channel.$ref.replace('#/channels/', '');
const channelAt = (topic: string) => Object.keys(channels).find((name) => channels[name]?.address === topic) ?? '';
const messagesOf = (channel: string) => Object.keys(channels[channel]?.messages ?? {});

/** Every `$ref` anywhere in a value. */
function referencesIn(value: unknown): readonly string[] {
  const found: string[] = [];
  JSON.stringify(value, (key, child) => {
    found.push(...(key === '$ref' ? [child as string] : []));
    return child;
  });
  return found;
}

/** What a JSON pointer (RFC 6901) names in a value; undefined when it dangles. */
const at = (root: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => Object(value)[part], root);

function isResolved(reference: string): boolean {
  const [file = '', pointer = ''] = reference.split('#');
  const root = file === '' ? document : readSchemas().get(file.replace('./', ''));
  return at(root, pointer) !== undefined;
}

describe('the AsyncAPI document', () => {
  it('has a channel for every topic and no other', () => {
    const addresses = Object.fromEntries(Object.entries(channels).map(([name, { address }]) => [name, address]));
    expect(addresses).toEqual(topics);
  });

  it('has a message for every schema of one and no other', () => {
    const messages = [...readSchemas().keys()].filter((file) => /(?<!^fields)\.v\d+\./.test(file));
    const named = Object.keys(components.messages).map((name) => `${name}.schema.json`);
    expect(named.sort()).toEqual(messages.sort());
  });

  it('uses every message on a channel', () => {
    const used = new Set(Object.keys(channels).flatMap(messagesOf));
    expect([...used].sort()).toEqual(Object.keys(components.messages).sort());
  });

  it.each([...new Set(referencesIn(document))])('refers to something: %s', (reference) => {
    expect(isResolved(reference)).toBe(true);
  });

  it.each(Object.keys(channels))('says who sends to %s and who receives from it', (name) => {
    const actions = Object.values(operations).filter((operation) => channelOf(operation) === name);
    expect(new Set(actions.map(({ action }) => action))).toEqual(new Set(['send', 'receive']));
  });

  it.each(Object.entries(operations))('names a known program in %s', (_name, { tags }) => {
    const known = document.info.tags.map(({ name }) => name);
    expect(tags.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
    expect(tags.length).toBeGreaterThan(0);
  });

  it('receives through exactly the subscriptions of the topology, and as a client', () => {
    const receiving = Object.entries(operations).filter(([, { action }]) => action === 'receive');
    const services = receiving.filter(([, { tags }]) => tags[0]?.name !== 'client');
    const declared = Object.entries(subscriptions).map(([name, { topic }]) => [name, channelAt(topic)]);
    expect(services.map(([name, operation]) => [name, channelOf(operation)]).sort()).toEqual(declared.sort());
  });

  it.each(Object.keys(topics))('says what a dead-letter topic gets from Pub/Sub: all that %s may lose', (channel) => {
    const lossy = Object.values(subscriptions).filter(({ topic }) => channelAt(topic) === channel);
    const missing = lossy.flatMap(({ deadLetter }) => {
      const target = messagesOf(channelAt(deadLetter?.topic ?? ''));
      return deadLetter === null ? [] : messagesOf(channel).filter((message) => !target.includes(message));
    });
    expect(missing).toEqual([]);
  });

  it('lets the dead-letter service send to every topic that may lose messages, to replay them', () => {
    const lossy = Object.values(subscriptions).flatMap(({ topic, deadLetter }) =>
      deadLetter ? [channelAt(topic)] : [],
    );
    const replaying = Object.entries(operations).filter(([name]) => name.startsWith('replay'));
    expect(replaying.map(([, operation]) => channelOf(operation)).sort()).toEqual([...new Set(lossy)].sort());
    expect(replaying.map(([, { action, tags }]) => [action, tags[0]?.name])).toEqual(
      replaying.map(() => ['send', 'dead-letter']),
    );
  });
});

describe('a message of the AsyncAPI document', () => {
  const names = Object.keys(components.messages) as MessageName[];

  it.each(names)('%s has its own schema, which exists', (name) => {
    const file = components.messages[name]?.payload.schema.$ref;
    expect(file).toBe(`./${name}.schema.json`);
    expect(existsSync(join(schemasFolder, file ?? ''))).toBe(true);
  });

  it.each(names)('%s declares each attribute that is sent with it, and no other', (name) => {
    const sent = readExamples('valid')
      .filter(({ message }) => message === name)
      .flatMap(({ bytes }) => {
        const result = parseMessage(name, bytes);
        const { message } = result as Extract<typeof result, { ok: true }>;
        const context = { id: 'm', source: '/s', time: '2026-01-31T12:00:00Z', traceparent: 't' };
        return Object.keys(encodeMessage(name, message, context).attributes);
      });
    const own = components.messages[name]?.headers.allOf[1].properties ?? {};
    const declared = Object.keys({ ...own, ...components.schemas.envelope.properties });
    // The signature is added to a completion event by whoever holds the key.
    expect(declared.filter((attribute) => attribute !== 'signature').sort()).toEqual([...new Set(sent)].sort());
  });
});
