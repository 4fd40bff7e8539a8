import { describe, expect, it } from '@jest/globals';
import { heardTopics, type Publisher, publications, publishedBy, replayedTopics } from '../../infra/publications.ts';
import { messageNames, type TopicName, topics } from '../../infra/topology.ts';
import { reachedFrom } from '../architecture/reached-files.ts';
import { readSource } from '../architecture/source-tree.ts';
import { withoutComments } from '../architecture/strip-source.ts';

const programs: Readonly<Record<Exclude<Publisher, 'google'>, string>> = {
  client: 'client/index.ts',
  executor: 'executor/main.ts',
  dispatcher: 'dispatcher/main.ts',
  'result-collector': 'result-collector/main.ts',
  'dead-letter': 'dead-letter/main.ts',
};

/** Every way in which a topic is published on; its name stands there as it does in `infra/topology.ts`. */
const publishing =
  /\bpublish\((?:'[^']+',\s*)?topics\.(\w+)|\bsendMessage\([^,]+,\s*topics\.(\w+)|\bdeadLetterTopic: topics\.(\w+)/g;

const publishedIn = (program: string): readonly TopicName[] => {
  const keys = reachedFrom(program).flatMap((path) =>
    [...withoutComments(readSource(path)).matchAll(publishing)].map(([, ...names]) => names.find(Boolean) ?? ''),
  );
  return [...new Set(keys)].map((key) => topics[key as keyof typeof topics]);
};

const rowsOf = (publisher: Publisher): readonly string[] =>
  Object.entries(publications).flatMap(([topic, who]) => (publisher in who ? [topic] : []));

describe.each(Object.entries(programs) as [Exclude<Publisher, 'google'>, string][])('%s', (publisher, program) => {
  const found = publishedIn(program);
  const granted: readonly TopicName[] = publishedBy(publisher).map(([topic]) => topic);

  it('publishes only on topics on which it may', () => {
    expect(found.filter((topic) => !granted.includes(topic))).toEqual([]);
  });

  it('publishes, of its own accord, on each topic that the table says', () => {
    const inSource: readonly string[] = found;
    expect(rowsOf(publisher).filter((topic) => !inSource.includes(topic))).toEqual([]);
  });
});

describe('a topic', () => {
  it('has somebody who publishes on it', () => {
    expect(Object.entries(publications).filter(([, who]) => Object.keys(who).length === 0)).toEqual([]);
  });

  it('of the deployment’s own has a message by which a replay is checked, if it can be replayed', () => {
    expect(replayedTopics.filter((topic) => !(topic in messageNames))).toEqual([]);
  });

  it('that nobody of the deployment reads is one of those that clients hear', () => {
    expect(heardTopics).toEqual([topics.output, topics.notifications]);
  });
});
