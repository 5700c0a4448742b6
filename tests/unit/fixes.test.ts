import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDocument } from '../../src/core/checks/check.ts';
import { applyEdits, fixOf } from '../../src/core/checks/fixes.ts';
import { contextIn } from '../support/content.ts';

const context = { ...contextIn('en'), language: 'en' as const };

/** The document after the fix of its first finding that has one. */
function fixed(text: string): string {
  for (const finding of checkDocument(context, text)) {
    const fix = finding.kind && fixOf(context.reference, finding.kind, text, finding);
    if (fix) return applyEdits(text, fix.edits);
  }
  return 'no fix';
}

const head = (kind: string, version = 'v1') => `apiVersion: networking.istio.io/${version}\nkind: ${kind}\nmetadata:\n  name: a\n`;

const CASES: readonly (readonly [name: string, before: string, after: string])[] = [
  ['renames a field', `${head('DestinationRule')}spec:\n  hosst: a\n  host: a\n`, `${head('DestinationRule')}spec:\n  host: a\n  host: a\n`],
  ['moves a field up', `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - route:\n    - destination:\n        host: a\n      timeout: 1s\n`, `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - timeout: 1s\n    route:\n    - destination:\n        host: a\n`],
  ['moves a block down, opening what is missing', `${head('DestinationRule')}spec:\n  host: a\n  tcp:\n    maxConnections: 1\n`, `${head('DestinationRule')}spec:\n  trafficPolicy:\n    connectionPool:\n      tcp:\n        maxConnections: 1\n  host: a\n`],
  ['quotes a string', `${head('DestinationRule')}spec:\n  host: a\n  subsets:\n  - name: v1\n    labels:\n      version: 1\n`, `${head('DestinationRule')}spec:\n  host: a\n  subsets:\n  - name: v1\n    labels:\n      version: "1"\n`],
  ['takes a number out of its quotes', `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - route:\n    - destination:\n        host: a\n      weight: "90"\n`, `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - route:\n    - destination:\n        host: a\n      weight: 90\n`],
  ['writes the value that was meant', `${head('DestinationRule')}spec:\n  host: a\n  trafficPolicy:\n    tls:\n      mode: Simple\n`, `${head('DestinationRule')}spec:\n  host: a\n  trafficPolicy:\n    tls:\n      mode: SIMPLE\n`],
  ['adds what is required', `${head('DestinationRule')}spec:\n  subsets:\n  - labels:\n      a: b\n    name: x\n`, `${head('DestinationRule')}spec:\n  host: \n  subsets:\n  - labels:\n      a: b\n    name: x\n`],
  ['updates the version', `${head('DestinationRule', 'v1alpha9')}spec:\n  host: a\n`, `${head('DestinationRule')}spec:\n  host: a\n`],
  ['removes what excludes another field', `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - mirror:\n      host: a\n    mirrors:\n    - destination:\n        host: b\n    route:\n    - destination:\n        host: a\n`, `${head('VirtualService')}spec:\n  hosts: [a]\n  http:\n  - mirror:\n      host: a\n    route:\n    - destination:\n        host: a\n`],
];

for (const [name, before, after] of CASES) {
  test(`a fix ${name}`, () => {
    // Blanks at the end of a line do not matter.
    assert.equal(fixed(before).replace(/ +$/gm, ''), after.replace(/ +$/gm, ''));
  });
}

test('flow mappings are left as they are where lines would be torn', () => {
  assert.equal(fixed(`${head('VirtualService')}spec: {hosts: [a], timeout: 1s, http: [{route: [{destination: {host: a}}]}]}\n`), 'no fix');
});
