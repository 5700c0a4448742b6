import type { Field, Kind, Message, Reference } from '../core/reference/model.ts';
import { isRecord, type YamlSource } from './source.ts';

/** Labels and annotations, and the kinds of Kubernetes that carry them. */
export const METADATA_FILE = 'content/reference/metadata.yaml';

type Keys = readonly (string | number)[];
type CompileField = (value: unknown, path: Keys) => Field;

/** `labels` or `annotations` by name, with what they may stand on. */
interface Entry {
  readonly name: string;
  readonly on: readonly string[];
  readonly field: Field;
}

/** What a label may name in `on` besides a kind: every kind of Istio's own groups. */
const ISTIO = 'Istio';
/** … and everything. */
const ANY = 'Any';

/**
 * Adds the labels and annotations that mean something to Istio to the metadata of the kinds they belong to, and the
 * kinds of Kubernetes that carry them.
 */
export function withMetadata(reference: Reference, file: YamlSource, compile: CompileField): Reference {
  const data = isRecord(file.value) ? file.value : {};
  const labels = entries(data, 'labels', compile);
  const annotations = entries(data, 'annotations', compile);
  const messages: Record<string, Message> = { ...reference.messages };
  const metadata = new MetadataMessages(messages, labels, annotations);
  for (const kind of reference.kinds) metadata.extend(kind);
  const foreign = isRecord(data['kinds']) ? Object.entries(data['kinds']) : [];
  const kinds = foreign.map(([name, value]) => metadata.foreign(name, isRecord(value) ? value : {}, compile));
  return { kinds: [...reference.kinds, ...kinds], messages };
}

function entries(data: Record<string, unknown>, list: 'labels' | 'annotations', compile: CompileField): Entry[] {
  return Object.entries(isRecord(data[list]) ? data[list] : {}).map(([name, value]) => {
    const { on, ...field } = isRecord(value) ? value : {};
    const type = field['type'] ?? 'string';
    return { name, on: Array.isArray(on) ? on.map(String) : [], field: compile({ ...field, type }, [list, name]) };
  });
}

class MetadataMessages {
  constructor(
    private readonly messages: Record<string, Message>,
    private readonly labels: readonly Entry[],
    private readonly annotations: readonly Entry[],
  ) {}

  /** A kind of the reference whose labels or annotations mean something gets metadata of its own. */
  extend(kind: Kind): void {
    const root = this.messages[kind.root];
    const metadata = root?.fields['metadata'];
    if (!root || metadata?.type !== 'ObjectMeta') return;
    const target = kind.group.endsWith('.istio.io') && kind.kind === 'Gateway' ? 'IstioGateway' : kind.kind;
    const type = this.metadata([target, ...(kind.group.endsWith('.istio.io') ? [ISTIO] : [])], this.messages['ObjectMeta']!);
    this.messages[kind.root] = { ...root, fields: { ...root.fields, metadata: { ...metadata, type } } };
  }

  /** A kind of Kubernetes: everything in it is free but the metadata that Istio reads, its own and its pods'. */
  foreign(name: string, data: Record<string, unknown>, compile: CompileField): Kind {
    const group = String(data['group'] ?? '');
    const root = `${group}/${name}`;
    const pods = typeof data['pods'] === 'string' ? data['pods'].split('.') : [];
    const fields: Record<string, Field> = {
      apiVersion: silent('any'),
      kind: silent('any'),
      metadata: silent(this.metadata([name], BARE)),
    };
    if (isRecord(data['fields'])) for (const [field, value] of Object.entries(data['fields'])) fields[field] = compile(value, ['kinds', name, 'fields', field]);
    if (pods.length > 0) fields[pods[0]!] = silent(this.down(root, pods.slice(1), this.metadata(['Pod'], BARE)));
    this.messages[root] = { fields, open: 'any' };
    const { section = '', doc } = compile({ type: 'any', section: data['section'], doc: data['doc'] }, ['kinds', name]);
    const versions = [{ name: String(data['version'] ?? 'v1'), served: true, storage: true }];
    return { group, kind: name, versions, section, doc, root, foreign: true };
  }

  /** Messages that lead down to where the pods' metadata stands. */
  private down(above: string, path: readonly string[], type: string): string {
    const [first, ...rest] = path;
    if (first === undefined) return type;
    const name = `${above}.${first}`;
    this.messages[name] = { fields: { [first]: silent(this.down(name, rest, type)) }, open: 'any' };
    return name;
  }

  private metadata(targets: readonly string[], base: Message): string {
    const id = targets.join('+');
    const type = `${base === BARE ? 'Metadata' : 'ObjectMeta'} of ${id}`;
    if (this.messages[type]) return type;
    const fields = { ...base.fields };
    for (const [list, known] of [['labels', this.labels], ['annotations', this.annotations]] as const) {
      const here = known.filter(({ on }) => on.includes(ANY) || on.some((name) => targets.includes(name)));
      const name = `${list} of ${id}`;
      this.messages[name] = { fields: Object.fromEntries(here.map(({ name: key, field }) => [key, field])), open: 'string' };
      fields[list] = { ...fields[list]!, type: name };
    }
    this.messages[type] = { ...base, fields };
    return type;
  }
}

/** A field of Kubernetes, of which this handbook says nothing. */
function silent(type: string): Field {
  return { type, doc: '' };
}

/** The metadata of a kind of Kubernetes. */
const BARE: Message = { fields: { labels: silent('map<string>'), annotations: silent('map<string>') }, open: 'any' };
