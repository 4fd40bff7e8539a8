import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callByPath } from './call-by-path.ts';
import { type PubsubFixture, startPubsubFixture, topicPath } from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

describe('what is not there', () => {
  it('is a schema: UNIMPLEMENTED', async () => {
    await expect(fixture.pubsub.createSchema('schema', 'AVRO', '{}')).rejects.toMatchObject({
      code: 12,
      message: expect.stringContaining('SchemaService'),
    });
  });

  it.each([
    'SetIamPolicy',
    'GetIamPolicy',
    'TestIamPermissions',
  ])('is access control: %s is UNIMPLEMENTED', async (method) => {
    await expect(callByPath(fixture.server, `/google.iam.v1.IAMPolicy/${method}`)).rejects.toMatchObject({
      code: 12,
      details: expect.stringContaining(`IAMPolicy/${method} is not supported`),
    });
  });

  it("says so to the client's iam", async () => {
    const line = await fixture.createLine();
    const policy = fixture.pubsub.topic(line.topic).iam.getPolicy();
    await expect(policy).rejects.toMatchObject({ code: 12, message: expect.stringContaining('not supported') });
  });

  it.each([
    ['schema_settings', { schemaSettings: { schema: 'projects/p/schemas/s' } }],
    ['ingestion_data_source_settings', { ingestionDataSourceSettings: {} }],
    ['message_transforms', { messageTransforms: [{}] }],
  ])('is the topic field %s: UNIMPLEMENTED', async (field, settings) => {
    const create = fixture.publisher.createTopic({ name: topicPath('unsupported'), ...settings });
    await expect(create).rejects.toMatchObject({ code: 12, message: expect.stringContaining(field) });
  });

  it.each([
    ['bigquery_config', { bigqueryConfig: { table: 't' } }],
    ['cloud_storage_config', { cloudStorageConfig: { bucket: 'b' } }],
    ['bigtable_config', { bigtableConfig: { table: 't' } }],
    ['message_transforms', { messageTransforms: [{}] }],
  ])('is the subscription field %s: UNIMPLEMENTED', async (field, settings) => {
    await expect(fixture.createLine(settings)).rejects.toMatchObject({
      code: 12,
      message: expect.stringContaining(field),
    });
  });

  it('comes with an update neither', async () => {
    const line = await fixture.createLine();
    const update = fixture.subscriber.updateSubscription({
      subscription: { name: line.subscription, bigqueryConfig: { table: 't' } },
      updateMask: { paths: ['bigquery_config'] },
    });
    await expect(update).rejects.toMatchObject({ code: 12, message: expect.stringContaining('bigquery_config') });
  });
});
