import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Span } from '../base/text.ts';
import { splitApiVersion } from '../reference/lookup.ts';
import { nodeAt, parseText, scalarText, textAt } from '../yaml/parse.ts';

/**
 * What the resources of a workspace define and what they refer to. A namespace that is not written is empty and fits
 * any: overlays and `kubectl -n` fill it in.
 */

/** Something that a resource can refer to. */
export type Target =
  | { readonly type: 'object'; readonly group: string; readonly kind: string; readonly name: string; readonly namespace: string }
  | { readonly type: 'host'; readonly host: string; readonly namespace: string }
  | { readonly type: 'subset'; readonly host: string; readonly namespace: string; readonly subset: string }
  | { readonly type: 'workload'; readonly labels: Readonly<Record<string, string>>; readonly namespace: string };

/** A target with the place that names it. */
export interface Mention {
  readonly target: Target;
  readonly span: Span;
}

/** A resource of the kinds that Istio configurations name. */
export interface Resource {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Its name, or its kind where it has none. */
  readonly span: Span;
  readonly defines: readonly Mention[];
  readonly refers: readonly Mention[];
  /** The ports of a Service or ServiceEntry. */
  readonly ports: readonly number[];
}

/** What of a file's text makes it worth parsing. */
export const WORTH_READING = /istio\.io\/|gateway\.networking\.(?:x-)?k8s\.io\/|^kind:[ \t]*["']?(?:Service|ServiceAccount|Secret|Deployment|StatefulSet|DaemonSet|Pod|Namespace|List)\b/m;

/** The resources of one YAML document, those of a broken one as far as they can be read. Offsets are the document's. */
export function resourcesOfDocument(text: string): Resource[] {
  return /^["']?kind["']?[ \t]*:/m.test(text) ? resourcesIn(parseText(text).root) : [];
}

function resourcesIn(node: Node | null): Resource[] {
  if (!isMap(node)) return [];
  const kind = textAt(node, ['kind']) ?? '';
  const items = nodeAt(node, ['items']);
  if (kind.endsWith('List') && isSeq(items)) return items.items.flatMap((item) => resourcesIn(item as Node));
  const { group } = splitApiVersion(textAt(node, ['apiVersion']) ?? '');
  const rules = RULES[`${group}/${kind}`] ?? (DEFINED_ONLY.has(`${group}/${kind}`) ? [] : undefined);
  if (!rules) return [];
  return [new Reader(node, group, kind).read(rules)];
}

const OBJECTS_ONLY = ['/Secret', '/ServiceAccount', '/Namespace', '/ConfigMap', 'gateway.networking.k8s.io/GatewayClass', 'gateway.networking.k8s.io/ReferenceGrant', 'install.istio.io/IstioOperator'];
const DEFINED_ONLY = new Set(OBJECTS_ONLY);

type Rule = readonly [path: string, read: (reader: Reader, node: Node) => void];

/** Reads one resource: what its rules find becomes definitions and references. */
class Reader {
  readonly namespace: string;
  private readonly name: string;
  private readonly defines: Mention[] = [];
  private readonly refers: Mention[] = [];
  private readonly ports: number[] = [];

  constructor(
    readonly root: Node,
    readonly group: string,
    readonly kind: string,
  ) {
    this.name = textAt(root, ['metadata', 'name']) ?? '';
    this.namespace = textAt(root, ['metadata', 'namespace']) ?? '';
  }

  read(rules: readonly Rule[]): Resource {
    const { group, kind, name, namespace } = this;
    const named = nodeAt(this.root, ['metadata', 'name']) ?? nodeAt(this.root, ['kind'])!;
    const span = this.span(named);
    if (name !== '') this.defines.push({ target: { type: 'object', group, kind, name, namespace }, span });
    for (const [path, read] of rules) for (const node of nodesAt(this.root, path.split('.'))) read(this, node);
    return { group, kind, name, namespace, span, defines: this.defines, refers: this.refers, ports: this.ports };
  }

  define(target: Target, node: Node): void {
    this.defines.push({ target, span: this.span(node) });
  }

  refer(target: Target, node: Node): void {
    this.refers.push({ target, span: this.span(node) });
  }

  port(node: Node): void {
    const value = isScalar(node) ? Number(scalarText(node)) : NaN;
    if (Number.isInteger(value)) this.ports.push(value);
  }

  /** The resource's own name, where the rule speaks of it. */
  get nameNode(): Node {
    return nodeAt(this.root, ['metadata', 'name']) ?? this.root;
  }

  private span(node: Node): Span {
    return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
  }
}

/** The nodes at a path in which `[]` stands for every item. */
function nodesAt(node: Node | undefined, path: readonly string[]): Node[] {
  if (!node) return [];
  const [first, ...rest] = path;
  if (first === undefined) return [node];
  const name = first.replace(/\[\]$/, '');
  const found = nodeAt(node, [name]);
  if (!first.endsWith('[]')) return nodesAt(found, rest);
  return isSeq(found) ? found.items.flatMap((item) => nodesAt(item as Node, rest)) : [];
}

function text(node: Node | undefined): string | undefined {
  return isScalar(node) ? scalarText(node as Scalar) : undefined;
}

function labelsOf(node: Node): Record<string, string> | undefined {
  if (!isMap(node)) return undefined;
  const labels: Record<string, string> = {};
  for (const { key, value } of node.items) if (isScalar(key) && isScalar(value)) labels[scalarText(key)] = scalarText(value);
  return Object.keys(labels).length > 0 ? labels : undefined;
}

/* What the rules do with a node. */

const host = (reader: Reader, node: Node): void => {
  const name = text(node);
  if (name && name !== '*') reader.refer({ type: 'host', host: name, namespace: reader.namespace }, node);
};

const destination = (reader: Reader, node: Node): void => {
  const hostNode = nodeAt(node, ['host']);
  const name = text(hostNode);
  if (!hostNode || !name) return;
  host(reader, hostNode);
  const subsetNode = nodeAt(node, ['subset']);
  const subset = text(subsetNode);
  if (subsetNode && subset) reader.refer({ type: 'subset', host: name, namespace: reader.namespace, subset }, subsetNode);
};

const gateway = (reader: Reader, node: Node): void => {
  const written = text(node);
  if (!written || written === 'mesh') return;
  const slash = written.indexOf('/');
  const namespace = slash < 0 ? reader.namespace : written.slice(0, slash);
  reader.refer({ type: 'object', group: 'networking.istio.io', kind: 'Gateway', name: written.slice(slash + 1), namespace }, node);
};

const object =
  (group: string, kind: string) =>
  (reader: Reader, node: Node): void => {
    const nameNode = isScalar(node) ? node : nodeAt(node, ['name']);
    const name = text(nameNode);
    if (!nameNode || !name) return;
    const namespace = (isMap(node) ? textAt(node, ['namespace']) : undefined) ?? reader.namespace;
    const target = { group: (isMap(node) ? textAt(node, ['group']) : undefined) ?? group, kind: (isMap(node) ? textAt(node, ['kind']) : undefined) ?? kind };
    if (target.kind === 'Hostname' || target.kind === 'ServiceEntry') return reader.refer({ type: 'host', host: name, namespace }, nameNode);
    reader.refer({ type: 'object', ...target, name, namespace }, nameNode);
  };

/** A selector chooses in its own namespace; one in the root namespace chooses everywhere. */
const workload = (reader: Reader, node: Node): void => {
  const labels = labelsOf(node);
  if (!labels) return;
  const namespace = reader.namespace === 'istio-system' || reader.kind === 'Gateway' ? '' : reader.namespace;
  reader.refer({ type: 'workload', labels, namespace }, node);
};

const definesWorkload = (reader: Reader, node: Node): void => {
  const labels = labelsOf(node);
  if (labels) reader.define({ type: 'workload', labels, namespace: reader.namespace }, reader.nameNode);
};

const definesHost = (reader: Reader, node: Node): void => {
  const name = text(node);
  if (name) reader.define({ type: 'host', host: name, namespace: reader.namespace }, node);
};

const definesSubset = (reader: Reader, node: Node): void => {
  const nameNode = nodeAt(node, ['name']);
  const subset = text(nameNode);
  const name = textAt(reader.root, ['spec', 'host']);
  if (nameNode && subset && name) reader.define({ type: 'subset', host: name, namespace: reader.namespace, subset }, nameNode);
};

const definesService = (reader: Reader, node: Node): void => {
  const name = text(node);
  if (name) reader.define({ type: 'host', host: name, namespace: reader.namespace }, node);
};

/** `ns/host`, as a Sidecar writes it. */
const scopedHost = (reader: Reader, node: Node): void => {
  const [scope = '', name = ''] = (text(node) ?? '').split('/', 2);
  if (name === '' || name.startsWith('*')) return;
  reader.refer({ type: 'host', host: name, namespace: scope === '.' || scope === '*' || scope === '~' ? reader.namespace : scope }, node);
};

const port = (reader: Reader, node: Node): void => reader.port(node);

const GATEWAY_API = 'gateway.networking.k8s.io';
const ROUTE: readonly Rule[] = [
  ['spec.parentRefs[]', object(GATEWAY_API, 'Gateway')],
  ['spec.rules[].backendRefs[]', object('', 'Service')],
  ['spec.rules[].filters[].requestMirror.backendRef', object('', 'Service')],
];
const TARGETS: readonly Rule[] = [
  ['spec.selector.matchLabels', workload],
  ['spec.targetRefs[]', object(GATEWAY_API, 'Gateway')],
  ['spec.targetRef', object(GATEWAY_API, 'Gateway')],
];
const TEMPLATE: readonly Rule[] = [
  ['spec.template.metadata.labels', definesWorkload],
  ['spec.template.spec.serviceAccountName', object('', 'ServiceAccount')],
];

/** What each kind defines and refers to, beside itself. A kind that refers to something new is one row. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'networking.istio.io/VirtualService': [
    ['spec.hosts[]', host],
    ['spec.gateways[]', gateway],
    ...['http', 'tls', 'tcp'].flatMap((protocol): Rule[] => [
      [`spec.${protocol}[].match[].gateways[]`, gateway],
      [`spec.${protocol}[].route[].destination`, destination],
    ]),
    ['spec.http[].mirror', destination],
    ['spec.http[].mirrors[].destination', destination],
    ['spec.http[].delegate', object('networking.istio.io', 'VirtualService')],
  ],
  'networking.istio.io/DestinationRule': [
    ['spec.host', host],
    ['spec.subsets[]', definesSubset],
    ['spec.trafficPolicy.tls.credentialName', object('', 'Secret')],
  ],
  'networking.istio.io/Gateway': [
    ['spec.selector', workload],
    ['spec.servers[].tls.credentialName', object('', 'Secret')],
  ],
  'networking.istio.io/ServiceEntry': [
    ['spec.hosts[]', definesHost],
    ['spec.ports[].number', port],
    ['spec.workloadSelector.labels', workload],
  ],
  'networking.istio.io/WorkloadEntry': [
    ['spec.labels', definesWorkload],
    ['spec.serviceAccount', object('', 'ServiceAccount')],
  ],
  'networking.istio.io/WorkloadGroup': [
    ['spec.metadata.labels', definesWorkload],
    ['spec.template.serviceAccount', object('', 'ServiceAccount')],
  ],
  'networking.istio.io/Sidecar': [
    ['spec.workloadSelector.labels', workload],
    ['spec.egress[].hosts[]', scopedHost],
  ],
  'networking.istio.io/EnvoyFilter': [['spec.workloadSelector.labels', workload], ...TARGETS],
  'networking.istio.io/ProxyConfig': TARGETS,
  'security.istio.io/PeerAuthentication': TARGETS,
  'security.istio.io/RequestAuthentication': TARGETS,
  'security.istio.io/AuthorizationPolicy': TARGETS,
  'telemetry.istio.io/Telemetry': TARGETS,
  'extensions.istio.io/WasmPlugin': TARGETS,
  'extensions.istio.io/TrafficExtension': TARGETS,
  [`${GATEWAY_API}/Gateway`]: [
    ['spec.gatewayClassName', object(GATEWAY_API, 'GatewayClass')],
    ['spec.listeners[].tls.certificateRefs[]', object('', 'Secret')],
    ['spec.infrastructure.parametersRef', object('', 'ConfigMap')],
  ],
  [`${GATEWAY_API}/HTTPRoute`]: ROUTE,
  [`${GATEWAY_API}/GRPCRoute`]: ROUTE,
  [`${GATEWAY_API}/TLSRoute`]: ROUTE,
  [`${GATEWAY_API}/TCPRoute`]: ROUTE,
  [`${GATEWAY_API}/UDPRoute`]: ROUTE,
  [`${GATEWAY_API}/ListenerSet`]: [
    ['spec.parentRef', object(GATEWAY_API, 'Gateway')],
    ['spec.listeners[].tls.certificateRefs[]', object('', 'Secret')],
  ],
  [`${GATEWAY_API}/BackendTLSPolicy`]: [
    ['spec.targetRefs[]', object('', 'Service')],
    ['spec.validation.caCertificateRefs[]', object('', 'ConfigMap')],
  ],
  'gateway.networking.x-k8s.io/XBackendTrafficPolicy': [['spec.targetRefs[]', object('', 'Service')]],
  'inference.networking.k8s.io/InferencePool': [
    ['spec.selector.matchLabels', workload],
    ['spec.endpointPickerRef', object('', 'Service')],
  ],
  '/Service': [
    ['metadata.name', definesService],
    ['spec.ports[].port', port],
    ['spec.selector', workload],
  ],
  '/Pod': [['metadata.labels', definesWorkload]],
  'apps/Deployment': TEMPLATE,
  'apps/StatefulSet': TEMPLATE,
  'apps/DaemonSet': TEMPLATE,
};
