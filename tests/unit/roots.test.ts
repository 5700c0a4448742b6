import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTogether } from '../../src/core/checks/together.ts';
import { belongingOf, markerOf, type Marker, type RootOptions } from '../../src/core/checks/roots.ts';
import { contextIn } from '../support/content.ts';

const context = { ...contextIn('en'), language: 'en' as const };

function belonging(files: Readonly<Record<string, string>>, options?: RootOptions) {
  const markers = new Map(Object.entries(files).flatMap(([file, text]): [string, Marker][] => {
    const marker = markerOf(file, text);
    return marker ? [[file, marker]] : [];
  }));
  return belongingOf(markers, options);
}

const CLUSTERS = { 'a/kustomization.yaml': 'resources: [x.yaml]\n', 'b/kustomization.yml': 'resources: [x.yaml]\n' };
const OVERLAYS = {
  'base/kustomization.yaml': 'resources: [x.yaml]\n',
  'overlays/prod/kustomization.yaml': 'resources:\n- ../../base\npatches:\n- path: weights.yaml\n- patch: |-\n    - op: remove\n',
  'overlays/test/kustomization.yaml': 'bases: [../../base/]\npatchesStrategicMerge: [more.yaml]\n',
};

/** The files of a workspace, one of them, its roots. */
const ROOTS: readonly (readonly [name: string, files: Readonly<Record<string, string>>, file: string, roots: readonly string[], options?: RootOptions])[] = [
  ['a workspace by itself', {}, 'any/x.yaml', ['']],
  ['the folder of the workspace', {}, 'file:///w/any/x.yaml', ['file:///w'], { folders: ['file:///v', 'file:///w'] }],
  ['what lies in no folder belongs to the first', {}, 'untitled:Untitled-1', ['file:///v'], { folders: ['file:///v', 'file:///w'] }],
  ['a kustomization', CLUSTERS, 'a/deep/x.yaml', ['a']],
  ['beside the kustomizations', CLUSTERS, 'c/x.yaml', ['']],
  ['an overlay', OVERLAYS, 'overlays/prod/x.yaml', ['overlays/prod']],
  ['what overlays include', OVERLAYS, 'base/x.yaml', ['overlays/prod', 'overlays/test']],
  ['through two', { ...OVERLAYS, 'all/kustomization.yaml': 'resources: [../overlays/prod, ../overlays/test]\n' }, 'base/x.yaml', ['all']],
  ['a component', { 'c/kustomization.yaml': 'kind: Component\n', 'top/kustomization.yaml': 'components: [../c]\n' }, 'c/x.yaml', ['top']],
  ['a file that is included', { 'top/kustomization.yaml': 'resources: [../shared/x.yaml]\n' }, 'shared/x.yaml', ['top']],
  ['beside a file that is included', { 'top/kustomization.yaml': 'resources: [../shared/x.yaml]\n' }, 'shared/y.yaml', ['']],
  ['other machines include nothing here', { 'a/kustomization.yaml': 'resources: ["https://x/b?ref=1", "github.com/x/b"]\n', 'b/kustomization.yaml': '' }, 'b/x.yaml', ['b']],
  ['in circles', { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n' }, 'a/x.yaml', ['']],
  ['a chart', { 'charts/x/Chart.yaml': 'name: x\n' }, 'charts/x/crds/y.yaml', ['charts/x']],
  ['a setting', {}, 'clusters/one/ns/x.yaml', ['clusters/one'], { patterns: ['clusters/*'] }],
  ['a setting over folders', {}, 'file:///w/a/b/env/x.yaml', ['file:///w/a/b/env'], { folders: ['file:///w'], patterns: ['**/env'] }],
  ['a setting of what is included', OVERLAYS, 'base/x.yaml', ['base'], { patterns: ['./base/'] }],
  ['as the editor writes names', { 'file:///w/a%20b/kustomization.yaml': '', 'file:///w/top/kustomization.yaml': 'resources: [../a b]\n' }, 'file:///w/a%20b/x.yaml', ['file:///w/top'], { folders: ['file:///w'] }],
  ['nonsense', { 'kustomization.yaml': 'resources: {a: [1, null]}\npatches: [1, {path: 2}]\n' }, 'x.yaml', ['']],
  ['above the beginning', { 'kustomization.yaml': 'resources: [../../../x, ..]\n' }, 'x.yaml', ['']],
];

for (const [name, files, file, roots, options] of ROOTS) {
  test(`the roots of ${name}`, () => assert.deepEqual(belonging(files, options).rootsOf(file), roots));
}

test('patches are what a kustomization uses as such', () => {
  const { isPatch } = belonging(OVERLAYS);
  assert.deepEqual(['overlays/prod/weights.yaml', 'overlays/test/more.yaml', 'base/x.yaml'].map(isPatch), [true, true, false]);
});

const sidecar = (name: string) => `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: ${name}, namespace: n}\nspec: {egress: [{hosts: ["./*"]}]}\n`;
const route = (name: string) => `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}, namespace: n}\nspec: {hosts: [x], http: [{route: [{destination: {host: x, subset: v1}}]}]}\n`;
const SUBSETS = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: x, namespace: n}\nspec: {host: x, subsets: [{name: v1}]}\n';

/** Files, and what is found in them beside hints. */
const FOUND: readonly (readonly [name: string, files: Readonly<Record<string, string>>, found: readonly string[], options?: RootOptions])[] = [
  ['one root', { 'a/x.yaml': sidecar('x'), 'b/x.yaml': sidecar('y') }, ['a/x.yaml IST0111', 'b/x.yaml IST0111']],
  ['two roots', { ...CLUSTERS, 'a/x.yaml': sidecar('x'), 'b/x.yaml': sidecar('y') }, []],
  ['two roots by the setting', { 'a/x.yaml': sidecar('x'), 'b/x.yaml': sidecar('y') }, [], { patterns: ['*'] }],
  ['base and overlay', { ...OVERLAYS, 'base/x.yaml': sidecar('x'), 'overlays/prod/x.yaml': sidecar('y'), 'overlays/test/x.yaml': sidecar('z') }, ['base/x.yaml IST0111', 'overlays/prod/x.yaml IST0111', 'overlays/test/x.yaml IST0111']],
  ['variants', { 'a/x.yaml': sidecar('x'), 'b/x.yaml': sidecar('x') }, []],
  ['a reference to another root', { ...CLUSTERS, 'a/x.yaml': route('x'), 'b/y.yaml': SUBSETS }, []],
  ['a reference to nothing', { ...CLUSTERS, 'a/x.yaml': route('x'), 'b/x.yaml': route('x') }, ['a/x.yaml IST0101', 'b/x.yaml IST0101']],
  ['a subset that a patch adds', { ...OVERLAYS, 'base/x.yaml': route('x'), 'overlays/prod/weights.yaml': SUBSETS }, []],
];

for (const [name, files, found, options] of FOUND) {
  test(`roots: ${name}`, () => {
    const all = checkTogether(context, Object.entries(files).map(([file, text]) => ({ file, text })), options);
    assert.deepEqual(all.filter(({ finding }) => finding.severity !== 'hint').map(({ file, finding }) => `${file} ${finding.code}`), found);
  });
}
