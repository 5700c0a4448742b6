import type { Kind } from '../reference/model.ts';
import { formatPath, type Path } from '../yaml/path.ts';
import { sameHost, type WorkspaceIndex } from './workspaceIndex.ts';

/** What a completion may know of the document: where it is, and what stands beside the cursor. */
export interface NamesContext {
  readonly index: WorkspaceIndex;
  readonly kind: Kind;
  /** The document's own namespace; empty where it is not written. */
  readonly namespace: string;
  /** The value of a key beside the one that is completed. */
  beside(key: string): string | undefined;
}

type Names = (context: NamesContext) => Iterable<string>;

/** A name as seen from a namespace: short at home, with its namespace elsewhere. */
function local(name: string, namespace: string, own: string, long: string): string {
  return namespace === '' || namespace === own ? name : long;
}

function* hosts({ index, namespace: own }: NamesContext): Iterable<string> {
  for (const { defines } of index.resources()) {
    for (const { target } of defines) {
      if (target.type !== 'host') continue;
      const { host, namespace } = target;
      yield host.includes('.') ? host : local(host, namespace, own, `${host}.${namespace}.svc.cluster.local`);
    }
  }
}

function* subsets({ index, namespace, beside }: NamesContext): Iterable<string> {
  const host = beside('host');
  for (const { defines } of index.resources()) {
    for (const { target } of defines) {
      if (target.type === 'subset' && (host === undefined || sameHost({ host, namespace }, target))) yield target.subset;
    }
  }
}

/** The names of objects, with `separator` between namespace and name where they are not at home. */
const objects = (group: string, kind: string, separator?: string): Names =>
  function* ({ index, namespace: own }) {
    for (const resource of index.resources()) {
      if (resource.kind !== kind || resource.group !== group || resource.name === '') continue;
      const { name, namespace } = resource;
      yield separator === undefined ? name : local(name, namespace, own, `${namespace}${separator}${name}`);
    }
  };

function* gateways(context: NamesContext): Iterable<string> {
  yield* objects('networking.istio.io', 'Gateway', '/')(context);
  yield 'mesh';
}

/** The names of what a reference of the Gateway API means: its own group and kind decide. */
const referred = (group: string, kind: string): Names =>
  function* (context) {
    yield* objects(context.beside('group') ?? group, context.beside('kind') ?? kind)(context);
  };

const ports = (key: string): Names =>
  function* ({ index, namespace, beside }) {
    const host = beside(key);
    if (host === undefined) return;
    for (const { defines, ports: numbers } of index.resources()) {
      if (defines.some(({ target }) => target.type === 'host' && sameHost({ host, namespace }, target))) yield* numbers.map(String);
    }
  };

const GATEWAY_API = 'gateway.networking.k8s.io';

/** Which names of the workspace fit a field, by its group and the end of its path. */
const FIELDS: readonly (readonly [group: RegExp, path: RegExp, names: Names])[] = [
  [/^networking\.istio/, /(?:destination|mirror)\.host$|^spec\.host$|^spec\.hosts\[0\]$/, hosts],
  [/^networking\.istio/, /(?:destination|mirror)\.subset$/, subsets],
  [/^networking\.istio/, /gateways\[0\]$/, gateways],
  [/^networking\.istio/, /delegate\.name$/, objects('networking.istio.io', 'VirtualService')],
  [/^networking\.istio/, /\.credentialName$/, objects('', 'Secret')],
  [/^networking\.istio/, /\.serviceAccount$/, objects('', 'ServiceAccount')],
  [/^security\.istio/, /source\.(?:notS|s)erviceAccounts\[0\]$/, objects('', 'ServiceAccount', '/')],
  [/^security\.istio/, /source\.(?:notN|n)amespaces\[0\]$/, objects('', 'Namespace')],
  [/istio\.io$/, /targetRefs?(?:\[0\])?\.name$/, referred(GATEWAY_API, 'Gateway')],
  [/^gateway\./, /parentRefs?(?:\[0\])?\.name$/, referred(GATEWAY_API, 'Gateway')],
  [/^gateway\./, /(?:backendRefs?|targetRefs)(?:\[0\])?\.name$/, referred('', 'Service')],
  [/^gateway\./, /backendRefs?(?:\[0\])?\.port$/, ports('name')],
  [/^gateway\./, /certificateRefs\[0\]\.name$/, objects('', 'Secret')],
  [/^gateway\./, /gatewayClassName$/, objects(GATEWAY_API, 'GatewayClass')],
];

const CLASSES = ['istio', 'istio-waypoint', 'istio-remote', 'istio-east-west'];

/** The names of the workspace that fit a field, in alphabetical order. */
export function namesFor(context: NamesContext, path: Path): string[] {
  const place = formatPath(path);
  const names = FIELDS.find(([group, end]) => group.test(context.kind.group) && end.test(place))?.[2];
  const found = new Set(names?.(context) ?? []);
  if (place === 'spec.gatewayClassName') CLASSES.forEach((name) => found.add(name));
  return [...found].sort();
}
