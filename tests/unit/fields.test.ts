import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOfText } from '../../src/core/language/fields.ts';
import type { Reference } from '../../src/core/reference/model.ts';
import { built } from '../support/content.ts';

const reference = built<Reference>('en', 'reference');
const summary = (text: string) => fieldsOfText(reference, text).map(({ line, path, known }) => `${line} ${path}${known ? '' : ' ?'}`);

test('every key of a resource is listed, known or not', () => {
  const text = `# nothing
apiVersion: v1
kind: ConfigMap
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  name: a
  labels: {istio.io/rev: canary}
spec:
  hosts: [a]
  http:
  - route: &to
    - destination: {host: a}
    retrys: {attempts: 1}
  - route: *to
    match:
      uri: {prefix: /}
status:
  observedGeneration: 1
`;
  assert.deepEqual(summary(text), [
    '5 apiVersion', '6 kind', '7 metadata', '8 metadata.name', '9 metadata.labels', '9 metadata.labels["istio.io/rev"]',
    '10 spec', '11 spec.hosts', '12 spec.http', '13 spec.http[0].route', '14 spec.http[0].route[0].destination',
    '14 spec.http[0].route[0].destination.host', '15 spec.http[0].retrys ?', '15 spec.http[0].retrys.attempts ?',
    '16 spec.http[1].route', '17 spec.http[1].match', '18 spec.http[1].match.uri ?', '18 spec.http[1].match.uri.prefix ?',
    '19 status', '20 status.observedGeneration',
  ]);
});

test('merge keys are known, and their section is their parent\'s', () => {
  const text = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a}
spec:
  host: a
  trafficPolicy:
    outlierDetection:
      <<: {interval: 1s}
`;
  const merge = fieldsOfText(reference, text).filter(({ path }) => path.includes('<<'));
  assert.deepEqual(merge.map(({ known, section }) => [known, section]), [[true, 'dr-outlier-detection'], [true, 'dr-outlier-detection']]);
});

test('items of a List are documents of their own', () => {
  const text = `apiVersion: v1
kind: List
items:
- apiVersion: networking.istio.io/v1
  kind: VirtualService
  spec: {hosts: [a]}
`;
  assert.deepEqual(summary(text), ['4 apiVersion', '5 kind', '6 spec', '6 spec.hosts']);
});

test('a document that does not parse answers through its lines', () => {
  const text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {{ .Values.name }}
spec:
  hosts:
  {{- range .Values.hosts }}
  - {{ . }}
  {{- end }}
  http:
  - timeout: 1s
  - retries: {attempts: 1
`;
  assert.deepEqual(summary(text), [
    '1 apiVersion', '2 kind', '3 metadata', '4 metadata.name', '5 spec', '6 spec.hosts', '10 spec.http',
    '11 spec.http[0].timeout', '12 spec.http[1].retries', '12 spec.http[1].retries.attempts',
  ]);
});

test('every known key has a section', () => {
  for (const record of fieldsOfText(reference, 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: a\nspec:\n  host: b\n')) {
    assert.ok(record.known && record.section !== '', record.path);
  }
});
