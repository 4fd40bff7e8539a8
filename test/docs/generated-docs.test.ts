import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generatedDocs } from '../../infra/generate-docs.ts';

const root = join(import.meta.dirname, '../..');

describe('a page about deployments', () => {
  it.each(Object.entries(generatedDocs()))('is what the deployment program says: %s', (path, text) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });

  it('leads from each alert to a part of the runbook that is there', () => {
    const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
    const anchors = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const named = [...(generatedDocs()['docs/deployment.md'] ?? '').matchAll(/runbook\.md#([\w-]+)/g)].map(
      ([, one]) => one,
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((one) => !anchors.includes(one ?? ''))).toEqual([]);
  });
});
