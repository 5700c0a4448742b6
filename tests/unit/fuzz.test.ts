import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contextIn, ROOT, snippetsIn } from '../support/content.ts';
import { fuzz } from '../support/fuzz.ts';

test('damaged documents never make a feature throw or hang', { timeout: 60_000 }, () => {
  const folder = join(ROOT, 'samples/bookinfo');
  const documents = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const { runs, slowest } = fuzz(contextIn('en'), snippetsIn('en'), documents, { seed: 1, runs: 400 });
  assert.equal(runs, 400);
  // A hang, not a slow machine: the slowest answer takes a few milliseconds.
  assert.ok(slowest[0]!.milliseconds < 5_000, `${slowest[0]!.feature}: ${slowest[0]!.milliseconds} ms\n${slowest[0]!.text}`);
});
