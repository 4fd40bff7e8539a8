import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import protobuf from 'protobufjs';
import { messageFromJson, messageToJson } from '../../../local/run/protobuf-json.ts';
import { compileTemplate } from '../../../local/run/rest-routes.ts';

const root = protobuf.Root.fromJSON(createRequire(import.meta.url)('@google-cloud/run/build/protos/protos.json'));
const type = (name: string) => root.lookupType(name);
const roundTrip = (name: string, json: unknown) => {
  const message = type(name).fromObject(messageFromJson(type(name), json));
  return messageToJson(type(name).decode(type(name).encode(message).finish()), type(name));
};

describe('the JSON form of a message', () => {
  it.each([
    ['a whole duration', 'google.cloud.run.v2.TaskTemplate', { timeout: '600s' }],
    ['a fraction of a second', 'google.cloud.run.v2.TaskTemplate', { timeout: '0.000000001s' }],
    ['a time', 'google.cloud.run.v2.Execution', { createTime: '2026-01-01T00:00:00Z' }],
    ['a time with milliseconds', 'google.cloud.run.v2.Execution', { createTime: '2026-01-01T00:00:00.120Z' }],
    ['a map', 'google.cloud.run.v2.Job', { labels: { timeout: 'soon', __proto: 'x' } }],
    ['a 64-bit number', 'google.cloud.run.v2.Job', { generation: '9007199254740993' }],
    ['an enum', 'google.cloud.run.v2.Condition', { state: 'CONDITION_FAILED', executionReason: 'CANCELLED' }],
    ['a zero that was set in a oneof', 'google.cloud.run.v2.TaskTemplate', { maxRetries: 0 }],
    ['an empty text that was set in a oneof', 'google.cloud.run.v2.EnvVar', { name: 'A', value: '' }],
    ['an empty message', 'google.cloud.run.v2.Job', { template: {} }],
  ])('keeps %s', (_, name, json) => {
    const trimmed = JSON.parse(JSON.stringify(json).replace('.120Z', '.12Z'));

    expect(roundTrip(name, json)).toEqual(trimmed);
  });

  it('leaves out what is at its default, and reads null as not there', () => {
    expect(roundTrip('google.cloud.run.v2.Job', { client: '', labels: {}, template: null, generation: '0' })).toEqual(
      {},
    );
  });

  it('reads the spelling of the schema too, and writes the other', () => {
    expect(roundTrip('google.cloud.run.v2.TaskTemplate', { max_retries: 2 })).toEqual({ maxRetries: 2 });
  });

  it.each([
    ['template.template.timeout', { template: { template: { timeout: '5' } } }],
    ['template.template.containers[1].args[0]', { template: { template: { containers: [{}, { args: [1] }] } } }],
    ['template.template.containers', { template: { template: { containers: {} } } }],
    ['labels', { labels: 'x' }],
    ['reconciling', { reconciling: 'yes' }],
    ['createTime', { createTime: 'yesterday' }],
    ['terminalCondition.state', { terminalCondition: { state: 'toString' } }],
    ['terminalCondition.state', { terminalCondition: { state: 99 } }],
    ['template.parallelism', { template: { parallelism: 2 ** 31 } }],
    ['template.taskCount', { template: { taskCount: 1.5 } }],
    ['generation', { generation: '9223372036854775808' }],
    ['runExecutionToken', { startExecutionToken: 'a', runExecutionToken: 'b' }],
  ])('is refused with the path of what does not fit: %s', (path, json) => {
    expect(() => messageFromJson(type('google.cloud.run.v2.Job'), json)).toThrow(`${path}:`);
  });
});

describe('a path of the JSON API', () => {
  it.each([
    ['/v2/{name=projects/*/jobs/*}', '/v2/projects/p/jobs/j', ['projects/p/jobs/j']],
    ['/v2/{name=projects/*/jobs/*}:run', '/v2/projects/p/jobs/j:run', ['projects/p/jobs/j']],
    ['/v2/{parent=projects/*}/jobs', '/v2/projects/example.com:p/jobs', ['projects/example.com:p']],
  ])('of the form %s is found in %s', (template, path, values) => {
    expect(compileTemplate(template).pattern.exec(path)?.slice(1)).toEqual(values);
  });

  it.each([
    ['/v2/{name=projects/*/jobs/*}', '/v2/projects/p/jobs/j/executions'],
    ['/v2/{name=projects/*/jobs/*}:run', '/v2/projects/p/jobs/j'],
    ['/v2/{name=projects/*/jobs/*}', '/v2/projects/p/jobs/j:unknown'],
    ['/v2/{parent=projects/*}/jobs', '/v1/projects/p/jobs'],
  ])('of the form %s is not found in %s', (template, path) => {
    expect(compileTemplate(template).pattern.test(path)).toBe(false);
  });
});
