import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { bundleSuite, runCases } from '../support/workbench.ts';

/** The cases of `suite.ts`, in each extension host that people use. */
const HOSTS = [
  { name: 'Node host, newest VS Code', version: 'newest', web: false, suite: 'suite', cases: 10 },
  { name: 'web worker host, newest VS Code', version: 'newest', web: true, suite: 'suite', cases: 10 },
  { name: 'Node host, VS Code 1.100.3', version: 'oldest', web: false, suite: 'suite', cases: 10 },
  { name: 'beside the YAML extension, over a file system in memory', version: 'newest', web: false, suite: 'beside', cases: 4 },
] as const;

before(bundleSuite);

for (const { name, cases: fewest, ...run } of HOSTS) {
  test(name, async (t) => {
    const cases = await runCases(run);
    assert.ok(cases.length >= fewest, `only ${cases.length} cases ran`);
    for (const { name: caseName, error } of cases) {
      await t.test(caseName, () => assert.equal(error, undefined, error));
    }
  });
}
