import type { CodeName, Severity } from '../codes.ts';
import type { Remedy } from '../rules/remedy.ts';
import type { Said } from '../rules/value.ts';
import { Value } from '../rules/value.ts';
import type { Path } from '../../yaml/path.ts';

/** Where the control plane's own configuration stands unless MeshConfig says otherwise. */
const ROOT_NAMESPACE = 'istio-system';

/** What an analyzer found at a place of a resource. */
export interface MeshComplaint {
  readonly code: CodeName;
  readonly path: Path;
  readonly said: Said;
  readonly severity?: Severity;
  /** What could be done about it, here or in another resource. */
  readonly remedies?: readonly Remedy<MeshResource>[];
}

/** The mesh's own configuration, wherever it is written. */
export interface MeshSettings {
  readonly config: Value;
  readonly networks: Value;
  /** What the injector is set to: `sidecarInjectorWebhook` of the values. */
  readonly injector: Value;
}

/** A resource of any kind, as analyzers look at it. */
export interface MeshResource {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** `default` where none is written. */
  readonly namespace: string;
  readonly root: Value;
  readonly spec: Value;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Only in a ConfigMap of Istio and an IstioOperator. */
  readonly settings?: MeshSettings;
}

/** A pod, or what a workload makes pods of. */
export interface MeshWorkload {
  readonly resource: MeshResource;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Value;
  /** A Pod itself, not a template. */
  readonly pod: boolean;
}

/** A host of the service registry. */
export interface MeshHost {
  /** The full name, which may begin with `*.`. */
  readonly host: string;
  readonly namespace: string;
  readonly exportTo: readonly string[];
  /** Empty where they are not known. */
  readonly ports: readonly number[];
  readonly resource: MeshResource;
}

export type Report = (resource: MeshResource, complaint: MeshComplaint) => void;

/** The roots that a resource is under. */
export type RootsOf = (resource: MeshResource) => readonly string[];

/**
 * Everything of a workspace, with the questions that analyzers ask of it. References resolve anywhere, first under the
 * roots of the one who refers; only what shares a root can be in conflict.
 */
export class Mesh {
  readonly workloads: readonly MeshWorkload[];
  readonly hosts: readonly MeshHost[];
  private readonly byKind = new Map<string, MeshResource[]>();
  private readonly byName = new Map<string, MeshResource[]>();
  private readonly byHost = new Map<string, MeshHost[]>();
  private readonly wildcards: readonly MeshHost[];
  private readonly byNamespace = new Map<string, MeshWorkload[]>();
  private readonly withSettings: readonly MeshResource[];

  constructor(
    readonly resources: readonly MeshResource[],
    private readonly rootsOf: RootsOf = () => [''],
  ) {
    for (const resource of resources) {
      push(this.byKind, `${resource.group}/${resource.kind}`, resource);
      push(this.byName, nameKey(resource), resource);
    }
    this.workloads = resources.flatMap(workloadOf);
    for (const workload of this.workloads) push(this.byNamespace, workload.namespace, workload);
    this.hosts = [...this.all('', 'Service').map(serviceHost), ...this.all('networking.istio.io', 'ServiceEntry').flatMap(entryHosts)];
    for (const host of this.hosts) push(this.byHost, host.host, host);
    this.wildcards = this.hosts.filter(({ host }) => host.startsWith('*'));
    this.withSettings = resources.filter(({ settings }) => settings);
  }

  /** Whether there are pods at all: without any nothing can be said about selectors. */
  get hasPods(): boolean {
    return this.workloads.some(({ resource }) => resource.group !== 'networking.istio.io');
  }

  all(group: string, kind: string): readonly MeshResource[] {
    return this.byKind.get(`${group}/${kind}`) ?? [];
  }

  /** Whether two resources are applied together. */
  shareRoot(a: MeshResource, b: MeshResource): boolean {
    const roots = this.rootsOf(b);
    return this.rootsOf(a).some((root) => roots.includes(root));
  }

  /** Those of some resources that can be in conflict with one: under the same root, and no variants of it. */
  rivals(one: MeshResource, others: readonly MeshResource[]): MeshResource[] {
    return others.filter((other) => other !== one && !areVariants(one, other) && this.shareRoot(one, other));
  }

  /** What is meant by somebody who refers: what shares a root with them, else anything of the workspace. */
  private near<Item>(asker: MeshResource, found: readonly Item[], resourceOf: (item: Item) => MeshResource): readonly Item[] {
    if (found.length < 2) return found;
    const close = found.filter((item) => this.shareRoot(asker, resourceOf(item)));
    return close.length > 0 ? close : found;
  }

  /** The variants of the resource that a name means to somebody. */
  find(asker: MeshResource, group: string, kind: string, namespace: string, name: string): readonly MeshResource[] {
    return this.near(asker, this.byName.get(nameKey({ group, kind, namespace, name })) ?? [], (resource) => resource);
  }

  namespaces(asker: MeshResource, name: string): readonly MeshResource[] {
    return this.find(asker, '', 'Namespace', 'default', name);
  }

  /** What is written of the mesh's configuration, as far as it concerns a resource; empty where nobody wrote it. */
  settings(asker: MeshResource): readonly MeshSettings[] {
    return this.near(asker, this.withSettings, (resource) => resource).flatMap(({ settings }) => settings ?? []);
  }

  /** The namespaces whose policies hold for the whole mesh: one, or one for each control plane. */
  rootNamespaces(asker: MeshResource): readonly string[] {
    const written = this.settings(asker).flatMap(({ config }) => (config.filled ? [config.get('rootNamespace').text ?? ROOT_NAMESPACE] : []));
    return written.length === 0 ? [ROOT_NAMESPACE] : [...new Set(written)];
  }

  /** The workloads that a selector takes in: of one namespace, or of all. */
  selected(selector: Labels, namespace: string | undefined): MeshWorkload[] {
    return this.workloadsIn(namespace).filter(({ labels }) => matches(selector, labels));
  }

  /** Whether a selector takes in a workload, or could, for all that is known. */
  maySelect(selector: Labels, namespace: string | undefined): boolean {
    return this.workloadsIn(namespace).some(({ labels }) => mayMatch(selector, labels));
  }

  private workloadsIn(namespace: string | undefined): readonly MeshWorkload[] {
    return namespace === undefined ? this.workloads : (this.byNamespace.get(namespace) ?? []);
  }

  /** The hosts that a short or full name can mean to somebody; several where there are variants. */
  hostsOf(name: string, asker: MeshResource): readonly MeshHost[] {
    const { namespace } = asker;
    const full = fullHost(name, namespace);
    const visible = ({ exportTo, namespace: own }: MeshHost) => exportTo.length === 0 || exportTo.includes('*') || (exportTo.includes('.') && own === namespace) || exportTo.includes(namespace);
    const exact = [...(this.byHost.get(full) ?? []), ...(name === full ? [] : (this.byHost.get(name) ?? []))].filter(visible);
    const found = exact.length > 0 ? exact : this.wildcards.filter((candidate) => visible(candidate) && (name.endsWith(candidate.host.slice(1)) || full.endsWith(candidate.host.slice(1))));
    return this.near(asker, found, ({ resource }) => resource);
  }

  /** Whether pods of a namespace get sidecars, as one of its variants says. */
  injected(asker: MeshResource, name: string): boolean {
    return this.namespaces(asker, name).some(({ labels }) => labels['istio-injection'] === 'enabled' || (labels['istio.io/rev'] !== undefined && labels['istio-injection'] !== 'disabled'));
  }

  /** Whether pods of a namespace are in ambient mode and have no sidecars, as all of its variants say. */
  ambient(asker: MeshResource, name: string): boolean {
    const variants = this.namespaces(asker, name);
    return variants.length > 0 && variants.every(({ labels }) => labels['istio.io/dataplane-mode'] === 'ambient') && !this.injected(asker, name);
  }

  /** Whether a Service has no waypoint. Where it or its namespace is not written it could have one. */
  lacksWaypoint(asker: MeshResource, namespace: string, name: string): boolean {
    const services = this.find(asker, '', 'Service', namespace, name);
    const namespaces = this.namespaces(asker, namespace);
    return services.length > 0 && namespaces.length > 0 && ![...services, ...namespaces].some(({ labels }) => labels['istio.io/use-waypoint'] !== undefined);
  }
}

/** Two documents of one kind, namespace and name are variants of one resource. */
export function areVariants(a: MeshResource, b: MeshResource): boolean {
  return a.name !== '' && a.name === b.name && a.namespace === b.namespace && a.kind === b.kind && a.group === b.group;
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

function nameKey({ group, kind, namespace, name }: Pick<MeshResource, 'group' | 'kind' | 'namespace' | 'name'>): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

export type Labels = Readonly<Record<string, string>>;

/** Stands for a text that something else fills in: it is there, and equals nothing. */
const UNKNOWN = '\u0000';

/** Whether labels have all that a selector asks for; an empty selector asks for nothing. */
export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value && value !== UNKNOWN);
}

/** Whether labels have all that a selector asks for, or may have it once everything is filled in. */
function mayMatch(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value || labels[key] === UNKNOWN || (value === UNKNOWN && labels[key] !== undefined));
}

/** The texts of a mapping. */
export function textsOf(value: Value): Record<string, string> {
  return Object.fromEntries(value.entries.flatMap(([key, item]) => (item.unknown ? [[key, UNKNOWN]] : item.text === undefined ? [] : [[key, item.text]])));
}

/** A host by its full name, as Istio completes it: a name without a dot is a Service of the namespace, any other stays. */
export function fullHost(name: string, namespace: string): string {
  return name === '' || /[*.]/.test(name) ? name : `${name}.${namespace}.svc.cluster.local`;
}

/** What a host was meant to be that Kubernetes would complete and Istio does not: `reviews.shop`, `reviews.shop.svc`. */
export function kubernetesHost(name: string): string | undefined {
  return /^[a-z0-9-]+\.[a-z0-9-]+(?:\.svc)?$/.test(name) ? `${name.replace(/\.svc$/, '')}.svc.cluster.local` : undefined;
}

/** Namespace and name of a Gateway that a VirtualService of a namespace names. */
export function gatewayName(text: string, namespace: string): [namespace: string, name: string] {
  const slash = text.indexOf('/');
  return slash < 0 ? [namespace, text] : [text.slice(0, slash), text.slice(slash + 1)];
}

/** Where the pods' template stands in what makes pods. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['template'], StatefulSet: ['template'], DaemonSet: ['template'], ReplicaSet: ['template'], Job: ['template'], CronJob: ['jobTemplate', 'spec', 'template'],
  Rollout: ['template'], WorkloadGroup: ['metadata'], WorkloadEntry: [],
};
const WORKLOAD_GROUPS = new Set(['apps', 'batch', 'argoproj.io', 'networking.istio.io']);

function workloadOf(resource: MeshResource): MeshWorkload[] {
  const { kind, group, namespace, spec, labels, annotations } = resource;
  if (kind === 'Pod' && group === '') return [{ resource, namespace, labels, annotations, spec, pod: true }];
  const path = WORKLOAD_GROUPS.has(group) && Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind]! : undefined;
  if (!path) return [];
  const template = spec.at(...path);
  const metadata = group === 'networking.istio.io' ? template : template.get('metadata');
  return [{ resource, namespace, labels: textsOf(metadata.get('labels')), annotations: textsOf(metadata.get('annotations')), spec: template.get('spec'), pod: false }];
}

function exportsOf({ annotations }: MeshResource): string[] {
  return (annotations['networking.istio.io/exportTo'] ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '');
}

function serviceHost(resource: MeshResource): MeshHost {
  const { name, namespace, spec } = resource;
  return { host: `${name}.${namespace}.svc.cluster.local`, namespace, exportTo: exportsOf(resource), ports: portsOf(spec, 'port'), resource };
}

function entryHosts(resource: MeshResource): MeshHost[] {
  const { namespace, spec } = resource;
  return spec.texts('hosts').map((host) => ({ host, namespace, exportTo: spec.texts('exportTo'), ports: portsOf(spec, 'number'), resource }));
}

function portsOf(spec: Value, key: string): number[] {
  const numbers = spec.list('ports').map((port) => port.get(key).number);
  return numbers.includes(undefined) ? [] : (numbers as number[]);
}
