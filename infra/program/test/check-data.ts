import { requiredApis } from '../../apis.ts';
import { secrets } from '../../components.ts';
import { compositeIndexes, ttl } from '../../firestore.ts';
import { type Check, differences, unless } from './check.ts';
import { at, list, ofType, text } from './find-inputs.ts';
import { refusedValues } from './provider-values.ts';

export const dataChecks: readonly Check[] = [
  {
    name: 'the indexes and the TTL of Firestore are those that queries need',
    problemsOf(recorded) {
      const fields = (all: readonly unknown[]) =>
        all.map((one) => `${text(one, 'fieldPath')} ${text(one, 'order') || text(one, 'arrayConfig')}`).join(', ');
      return [
        ...differences(
          'indexes',
          ofType(recorded, 'firestore/index:Index').map(
            ({ inputs }) => `${text(inputs, 'collection')}: ${fields(list(inputs, 'fields'))}`,
          ),
          compositeIndexes.map(
            ({ collection, fields: all }) =>
              `${collection}: ${all.map(({ path, order }) => `${path} ${order}`).join(', ')}`,
          ),
        ),
        ...differences(
          'TTL',
          ofType(recorded, 'firestore/field:Field')
            .filter(({ inputs }) => at(inputs, 'ttlConfig') !== undefined)
            .map(({ inputs }) => `${text(inputs, 'collection')}.${text(inputs, 'field')}`),
          ttl.collections.map((collection) => `${collection}.${ttl.field}`),
        ),
      ];
    },
  },
  {
    name: 'there is one database in native mode, which the services open by default',
    problemsOf(recorded) {
      const all = ofType(recorded, 'firestore/database:Database');
      return [
        ...unless(all.length === 1, 'there is not exactly one database'),
        ...all.flatMap(({ inputs }) => [
          ...unless(text(inputs, 'name') === '(default)', 'services would not find it'),
          ...unless(text(inputs, 'type') === 'FIRESTORE_NATIVE', 'it is not in native mode'),
          ...unless(text(inputs, 'concurrencyMode') === 'PESSIMISTIC', 'it lets transactions fail'),
        ]),
      ];
    },
  },
  {
    name: 'the bucket is closed to the public, and deletes nothing by age that is in use',
    problemsOf: (recorded) =>
      ofType(recorded, 'storage/bucket:Bucket').flatMap(({ inputs }) => [
        ...unless(at(inputs, 'uniformBucketLevelAccess') === true, 'objects have access lists'),
        ...unless(text(inputs, 'publicAccessPrevention') === 'enforced', 'it can be made public'),
        ...unless(
          at(inputs, 'softDeletePolicy.retentionDurationSeconds') === 0,
          'what is deleted is billed for a week',
        ),
        ...list(inputs, 'lifecycleRules').flatMap((rule) =>
          unless(
            text(rule, 'action.type') === 'AbortIncompleteMultipartUpload' ||
              text(rule, 'condition.withState') === 'ARCHIVED',
            'a rule deletes live objects',
          ),
        ),
      ]),
  },
  {
    name: 'what holds data refuses to be deleted where the deployment says so',
    problemsOf(recorded, { protectData }) {
      const [database] = ofType(recorded, 'firestore/database:Database');
      const [bucket] = ofType(recorded, 'storage/bucket:Bucket');
      const state = protectData ? 'DELETE_PROTECTION_ENABLED' : 'DELETE_PROTECTION_DISABLED';
      return [
        ...unless(text(database?.inputs, 'deleteProtectionState') === state, 'the database can be deleted, or cannot'),
        ...unless(at(bucket?.inputs, 'forceDestroy') === !protectData, 'the bucket can be deleted with its objects'),
      ];
    },
  },
  {
    name: 'keys are in Secret Manager, one version each',
    problemsOf(recorded, { webhooks }) {
      const ids = ofType(recorded, 'secretmanager/secret:Secret').map(({ inputs }) => text(inputs, 'secretId'));
      const versions = ofType(recorded, 'secretmanager/secretVersion:SecretVersion');
      const wanted = Object.values(secrets).filter((id) => webhooks || id !== secrets.SANDBUS_WEBHOOK_KEY);
      return [
        ...differences('secrets', ids, wanted),
        ...differences(
          'versions',
          versions.map(({ inputs }) => text(inputs, 'secret')),
          wanted.map((id) => `${id}-id`),
        ),
      ];
    },
  },
  {
    name: 'jobs without a network are in one that lets out nothing but HTTPS to Google, and lets in nothing',
    problemsOf(recorded, { noneEgress }) {
      const jobs = ofType(recorded, 'cloudrunv2/job:Job');
      const open = jobs
        .filter(({ name }) => name.endsWith('-none'))
        .filter(({ inputs }) => {
          const access = at(inputs, 'template.template.vpcAccess');
          return text(access, 'egress') !== 'ALL_TRAFFIC' || text(access, 'networkInterfaces.0.subnetwork') === '';
        });
      if (noneEgress === 'open')
        return unless(ofType(recorded, 'compute/network:Network').length === 0, 'a network is not used');
      const firewalls = ofType(recorded, 'compute/firewall:Firewall').map(({ inputs }) => inputs);
      const denies = (direction: string, ranges: string) =>
        firewalls.some(
          (one) =>
            text(one, 'direction') === direction &&
            text(one, 'denies.0.protocol') === 'all' &&
            list(one, ranges).includes('0.0.0.0/0') &&
            at(one, 'allows') === undefined,
        );
      const allowed = firewalls.filter((one) => at(one, 'allows') !== undefined);
      const ranges = noneEgress === 'strict' ? '199.36.153.8/30' : '0.0.0.0/0';
      return [
        ...open.map(({ name }) => `${name} is not in the closed network`),
        ...unless(denies('EGRESS', 'destinationRanges'), 'nothing denies what goes out'),
        ...unless(denies('INGRESS', 'sourceRanges'), 'nothing denies what comes in'),
        ...unless(allowed.length === 1, 'there is not exactly one way out'),
        ...allowed.flatMap((one) => [
          ...unless(
            JSON.stringify(at(one, 'allows')) === '[{"ports":["443"],"protocol":"tcp"}]',
            'more than HTTPS goes out',
          ),
          ...unless(list(one, 'destinationRanges').join() === ranges, 'it goes out to more than it should'),
          ...unless(text(one, 'direction') === 'EGRESS', 'it lets in'),
        ]),
        ...unless(ofType(recorded, 'compute/routerNat:RouterNat').length === 0, 'a NAT leads to the internet'),
        ...ofType(recorded, 'compute/subnetwork:Subnetwork').flatMap(({ inputs }) =>
          unless(at(inputs, 'privateIpGoogleAccess') === true, 'Google’s services cannot be reached'),
        ),
      ];
    },
  },
  {
    name: 'every API that is used is switched on, and stays on after a teardown',
    problemsOf(recorded) {
      const found = ofType(recorded, 'projects/service:Service');
      return [
        ...differences(
          'APIs',
          found.map(({ inputs }) => text(inputs, 'service')),
          requiredApis,
        ),
        ...found.flatMap(({ name, inputs }) =>
          unless(at(inputs, 'disableOnDestroy') === false, `${name} is switched off`),
        ),
      ];
    },
  },
  {
    name: 'images of the registry do not change under their tag',
    problemsOf: (recorded) =>
      ofType(recorded, 'artifactregistry/repository:Repository').flatMap(({ inputs }) => [
        ...unless(at(inputs, 'dockerConfig.immutableTags') === true, 'a tag can move'),
        ...unless(text(inputs, 'format') === 'DOCKER', 'it takes no images'),
      ]),
  },
  {
    name: 'a budget tells of spending before it is reached, where there is one',
    problemsOf(recorded, { budget }) {
      const all = ofType(recorded, 'billing/budget:Budget');
      return [
        ...unless(all.length === (budget === null ? 0 : 1), 'there is no budget, or one too many'),
        ...all.flatMap(({ inputs }) =>
          unless(
            list(inputs, 'thresholdRules').some((rule) => Number(at(rule, 'thresholdPercent')) < 1),
            'it tells when it is too late',
          ),
        ),
      ];
    },
  },
  {
    name: 'values are among those that the provider lists, and durations are seconds',
    problemsOf: (recorded) => recorded.flatMap(refusedValues),
  },
];
