import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { bundleSuite, runCases } from '../support/workbench.ts';

/** The cases of `suite.ts`, in each extension host that people use. */
const HOSTS = [
  { name: 'Node host, newest VS Code', version: 'newest', web: false },
  { name: 'web worker host, newest VS Code', version: 'newest', web: true },
  { name: 'Node host, VS Code 1.100.3', version: 'oldest', web: false },
] as const;

before(bundleSuite);

for (const { name, version, web } of HOSTS) {
  test(name, async (t) => {
    const cases = await runCases({ version, web });
    assert.ok(cases.length >= 10, `only ${cases.length} cases ran`);
    for (const { name: caseName, error } of cases) {
      await t.test(caseName, () => assert.equal(error, undefined, error));
    }
  });
}
