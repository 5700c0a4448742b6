import type { CodeName, Severity } from '../codes.ts';
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
  readonly ports: readonly number[];
  readonly resource: MeshResource;
}

export type Report = (resource: MeshResource, complaint: MeshComplaint) => void;

/** Everything that belongs together, with the questions that analyzers ask of it. */
export class Mesh {
  readonly workloads: readonly MeshWorkload[];
  readonly hosts: readonly MeshHost[];
  private readonly byKind = new Map<string, MeshResource[]>();
  private readonly byName = new Map<string, MeshResource>();
  private readonly byHost = new Map<string, MeshHost[]>();
  private readonly wildcards: readonly MeshHost[];
  private readonly byNamespace = new Map<string, MeshWorkload[]>();

  constructor(readonly resources: readonly MeshResource[]) {
    for (const resource of resources) {
      push(this.byKind, `${resource.group}/${resource.kind}`, resource);
      const name = nameKey(resource);
      if (!this.byName.has(name)) this.byName.set(name, resource);
    }
    this.workloads = resources.flatMap(workloadOf);
    for (const workload of this.workloads) push(this.byNamespace, workload.namespace, workload);
    this.hosts = [...this.all('', 'Service').map(serviceHost), ...this.all('networking.istio.io', 'ServiceEntry').flatMap(entryHosts)];
    for (const host of this.hosts) push(this.byHost, host.host, host);
    this.wildcards = this.hosts.filter(({ host }) => host.startsWith('*'));
  }

  get rootNamespace(): string {
    return ROOT_NAMESPACE;
  }

  all(group: string, kind: string): readonly MeshResource[] {
    return this.byKind.get(`${group}/${kind}`) ?? [];
  }

  namespace(name: string): MeshResource | undefined {
    return this.byName.get(nameKey({ group: '', kind: 'Namespace', namespace: 'default', name }));
  }

  /** A resource by its name. */
  find(group: string, kind: string, namespace: string, name: string): MeshResource | undefined {
    return this.byName.get(nameKey({ group, kind, namespace, name }));
  }

  /** The workloads that a selector takes in; in the root namespace those of the whole mesh. */
  selected(selector: Readonly<Record<string, string>>, namespace: string | undefined): MeshWorkload[] {
    const candidates = namespace === undefined ? this.workloads : (this.byNamespace.get(namespace) ?? []);
    return candidates.filter(({ labels }) => matches(selector, labels));
  }

  /** The host that a short or full name means to a resource of a namespace. */
  findHost(name: string, namespace: string): MeshHost | undefined {
    const full = fullHost(name, namespace);
    const visible = ({ exportTo, namespace: own }: MeshHost) => exportTo.length === 0 || exportTo.includes('*') || (exportTo.includes('.') && own === namespace) || exportTo.includes(namespace);
    const exact = [...(this.byHost.get(name) ?? []), ...(this.byHost.get(full) ?? [])].find(visible);
    return exact ?? this.wildcards.find((candidate) => visible(candidate) && (name.endsWith(candidate.host.slice(1)) || full.endsWith(candidate.host.slice(1))));
  }

  /** Whether pods of a namespace get sidecars. */
  injected(name: string): boolean {
    const labels = this.namespace(name)?.labels ?? {};
    return labels['istio-injection'] === 'enabled' || (labels['istio.io/rev'] !== undefined && labels['istio-injection'] !== 'disabled');
  }

  /** Whether pods of a namespace are in ambient mode and have no sidecars. */
  ambient(name: string): boolean {
    return this.namespace(name)?.labels['istio.io/dataplane-mode'] === 'ambient' && !this.injected(name);
  }
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

function nameKey({ group, kind, namespace, name }: Pick<MeshResource, 'group' | 'kind' | 'namespace' | 'name'>): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** Whether labels have all that a selector asks for; an empty selector asks for nothing. */
export function matches(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** The texts of a mapping. */
export function textsOf(value: Value): Record<string, string> {
  return Object.fromEntries(value.entries.flatMap(([key, item]) => (item.text === undefined ? [] : [[key, item.text]])));
}

/** A host by its full name: a short one is a Service of the namespace. */
export function fullHost(name: string, namespace: string): string {
  if (name.startsWith('*')) return name;
  const parts = name.split('.');
  if (parts.length === 1) return `${name}.${namespace}.svc.cluster.local`;
  if (parts.length === 2) return `${name}.svc.cluster.local`;
  if (parts.length === 3 && parts[2] === 'svc') return `${name}.cluster.local`;
  return name;
}

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['template'], StatefulSet: ['template'], DaemonSet: ['template'], ReplicaSet: ['template'], Job: ['template'], CronJob: ['jobTemplate', 'spec', 'template'],
};

function workloadOf(resource: MeshResource): MeshWorkload[] {
  const { kind, group, namespace, spec, labels, annotations } = resource;
  if (kind === 'Pod' && group === '') return [{ resource, namespace, labels, annotations, spec, pod: true }];
  const path = ['apps', 'batch'].includes(group) ? TEMPLATES[kind] : undefined;
  if (!path) return [];
  const template = spec.at(...path);
  return [{ resource, namespace, labels: textsOf(template.at('metadata', 'labels')), annotations: textsOf(template.at('metadata', 'annotations')), spec: template.get('spec'), pod: false }];
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
  return spec.list('ports').flatMap((port) => port.get(key).number ?? []);
}
