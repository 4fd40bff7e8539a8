import { checkLabels } from './labels.ts';
import { checkDuration, type ProtoTime } from './proto-time.ts';
import { unimplemented } from './refusals.ts';
import { parseNewResourceName } from './resource-name.ts';
import type { TopicResource } from './resources.ts';
import type { MaskedFields } from './update-mask.ts';

export type RequestedTopic = Omit<TopicResource, 'messageRetentionDuration'> & {
  readonly messageRetentionDuration: ProtoTime | null;
  readonly schemaSettings?: object | null;
  readonly ingestionDataSourceSettings?: object | null;
  readonly messageTransforms?: readonly object[];
};

/** Refuses what is out of Google's bounds; storage policy and key name are kept and have no effect here. */
export function settleTopic(requested: RequestedTopic): TopicResource {
  parseNewResourceName(requested.name, 'topics', 'name');
  checkLabels(requested.labels);
  if (requested.schemaSettings) throw unimplemented('Topic field schema_settings');
  if (requested.ingestionDataSourceSettings) throw unimplemented('Topic field ingestion_data_source_settings');
  if ((requested.messageTransforms ?? []).length > 0) throw unimplemented('Topic field message_transforms');
  if (requested.messageRetentionDuration !== null) {
    const bounds = { minSeconds: 600, maxSeconds: 31 * 86_400 };
    checkDuration(requested.messageRetentionDuration, 'message_retention_duration', bounds);
  }
  return {
    name: requested.name,
    labels: requested.labels,
    messageStoragePolicy: requested.messageStoragePolicy,
    kmsKeyName: requested.kmsKeyName,
    messageRetentionDuration: requested.messageRetentionDuration,
    state: 'ACTIVE',
  };
}

/** What UpdateTopic may change. */
export const topicFields: MaskedFields = {
  type: 'Topic',
  mutable: {
    labels: 'labels',
    message_storage_policy: 'messageStoragePolicy',
    kms_key_name: 'kmsKeyName',
    message_retention_duration: 'messageRetentionDuration',
    schema_settings: 'schemaSettings',
    ingestion_data_source_settings: 'ingestionDataSourceSettings',
    message_transforms: 'messageTransforms',
  },
  immutable: ['name', 'state', 'satisfies_pzs', 'tags'],
};
