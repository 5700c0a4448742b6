import { isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { Language } from '../base/language.ts';
import type { Span } from '../base/text.ts';
import { findField, splitApiVersion } from '../reference/lookup.ts';
import { embeddedType, type Reference } from '../reference/model.ts';
import type { LanguageContext } from '../language/context.ts';
import { resourcesOf, type Resource } from '../language/documents.ts';
import { structureProblems, type StructureProblem } from '../language/structure.ts';
import { embeddedText } from '../yaml/embedded.ts';
import { isTemplate, keysOf, nodeAt, readDocument, scalarText, textAt, type YamlDocument } from '../yaml/parse.ts';
import { formatPath, type Path } from '../yaml/path.ts';
import { splitDocuments } from '../yaml/documents.ts';
import { CODES, type Code, type CodeName } from './codes.ts';
import type { Finding } from './finding.ts';
import { RULES } from './rules/index.ts';
import type { Plain, Remedy } from './rules/remedy.ts';
import { meshConfig, meshNetworks, proxyConfig } from './rules/meshConfig.ts';
import { rangeOf, spanAt } from './span.ts';
import { editDistance, intendedPath } from './suggest.ts';
import { FILLED_IN, Value, type Complaint } from './rules/value.ts';

export interface CheckContext extends LanguageContext {
  readonly language: Language;
}

export interface CheckOptions {
  /** A part of a resource that something else completes, as a Kustomize patch: nothing is missing in it. */
  readonly partial?: boolean;
  /** Reads a document, where somebody has read it already. */
  readonly read?: (text: string) => YamlDocument;
}

/** Checks every resource of a text by itself; templates are left alone. */
export function checkText(context: CheckContext, text: string, options: CheckOptions = {}): { document: number; finding: Finding }[] {
  return splitDocuments(text).flatMap(({ start, end }, document) =>
    checkDocument(context, text.slice(start, end), options).map((finding) => ({
      document,
      finding: { ...finding, span: { start: finding.span.start + start, end: finding.span.end + start } },
    })),
  );
}

/** Checks the resources of one YAML document. */
export function checkDocument(context: CheckContext, text: string, options: CheckOptions = {}): Finding[] {
  if (isTemplate(text)) return [];
  const document = (options.read ?? readDocument)(text);
  if (document.errors.length > 0) return mentionsKind(text) ? syntax(context, document) : [];
  return resourcesOf(context.reference, document).flatMap((resource) => new ResourceCheck(context, document, resource, options).findings());
}

/** Whether a broken document is one of ours at all. */
function mentionsKind(text: string): boolean {
  return /^[ \t]*apiVersion:[ \t]*["']?[\w.-]*(?:istio\.io|gateway\.networking\.k8s\.io)\//m.test(text);
}

function syntax({ language }: CheckContext, { errors }: YamlDocument): Finding[] {
  return errors.slice(0, 5).map(({ message, span }) => ({
    code: 'IH0001', severity: 'error', message: language === 'en' ? `Not valid YAML: ${message}` : `不是合法的 YAML：${message}`, span, path: [], section: CODES.IH0001.section, resource: '',
  }));
}

class ResourceCheck {
  private readonly found: Finding[] = [];
  /** Values that the API's schema refuses: there the rules have nothing to add. */
  private readonly refused: Path[] = [];
  private readonly name: string;

  constructor(
    private readonly context: CheckContext,
    private readonly document: YamlDocument,
    private readonly resource: Resource,
    private readonly options: CheckOptions,
  ) {
    const { node, kind } = resource;
    const namespace = textAt(node, ['metadata', 'namespace']);
    this.name = `${kind.kind} ${namespace === undefined ? '' : `${namespace}/`}${textAt(node, ['metadata', 'name']) ?? ''}`.trim();
  }

  findings(): Finding[] {
    const { kind, node } = this.resource;
    this.version();
    this.duplicates();
    for (const problem of structureProblems(this.reference, node, kind.root, [], this.document.text)) this.structure(problem);
    this.specification();
    this.deprecations();
    this.rules();
    return this.found;
  }

  private get reference(): Reference {
    return this.context.reference;
  }

  private say(english: string, chinese: string): string {
    return this.context.language === 'en' ? english : chinese;
  }

  private report(code: CodeName, path: Path, message: string, more: Partial<Finding> = {}): void {
    const { kind, node, root } = this.resource;
    const place = findField(this.reference, kind, path);
    const known = place.known ? place : findField(this.reference, kind, path.slice(0, -1));
    this.found.push({ code, severity: CODES[code].severity, message, span: spanAt(node, path), path, section: (CODES[code] as Code).section ?? known.section, resource: this.name, kind, ...(root.length > 0 ? { item: root } : {}), ...more });
  }

  /** A version of the kind that the API server does not know, or an old one. */
  private version(): void {
    const { kind, node } = this.resource;
    if (kind.foreign || kind.versions.length === 0) return;
    const { version } = splitApiVersion(textAt(node, ['apiVersion']) ?? '');
    const written = kind.versions.find(({ name }) => name === version);
    const current = kind.versions.find(({ served }) => served) ?? kind.versions[0]!;
    if (!written || !written.served) {
      const names = kind.versions.filter(({ served }) => served).map(({ name }) => name).join(', ');
      this.report('IH0003', ['apiVersion'], this.say(`${kind.kind} has no version ${version}: ${names}`, `${kind.kind} 没有 ${version} 版本：${names}`), { suggestion: `${kind.group}/${current.name}`, remedies: [{ how: 'replace', with: `${kind.group}/${current.name}` }] });
    } else if (written.deprecated) {
      this.report('IST0002', ['apiVersion'], this.say(`${version} is deprecated: use ${current.name}`, `${version} 已弃用，请使用 ${current.name}`), { suggestion: `${kind.group}/${current.name}`, remedies: [{ how: 'replace', with: `${kind.group}/${current.name}` }] });
    }
  }

  /** Of versions that are not stored the reference does not know what they require. */
  private olderVersion(): boolean {
    const { kind, node } = this.resource;
    const { version } = splitApiVersion(textAt(node, ['apiVersion']) ?? '');
    return kind.versions.some(({ name, storage }) => name === version && !storage) && kind.group.startsWith('gateway.networking');
  }

  private duplicates(): void {
    const visit = (node: Node | null, path: Path): void => {
      if (isSeq(node)) node.items.forEach((item, index) => visit(item as Node, [...path, index]));
      if (!isMap(node)) return;
      const seen = new Set<string>();
      for (const pair of node.items) {
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        const name = String(pair.key.source ?? pair.key.value);
        const here = [...path, name];
        if (seen.has(name) && name !== '<<') this.report('IH0002', here, this.say(`The key \`${name}\` is there twice: only the last one counts, and strict tools refuse it`, `键 \`${name}\` 重复：只有最后一个生效，严格的工具会拒绝`), { span: rangeOf(pair.key), remedies: [{ how: 'deduplicate' }] });
        seen.add(name);
        visit((pair.value ?? null) as Node | null, here);
      }
    };
    visit(this.resource.node, []);
  }

  /** A resource without a specification lacks what is required in it, though the definition does not say so. */
  private specification(): void {
    const { kind, node } = this.resource;
    const field = this.reference.messages[kind.root]?.fields['spec'];
    const required = Object.values(this.reference.messages[field?.type ?? '']?.fields ?? {}).some((inner) => inner.required);
    if (this.options.partial || field?.required || !required || !isEmpty(nodeAt(node, ['spec']))) return;
    this.report('IST0106', [], this.say('`spec` is required here', '此处必须有 `spec`'), nodeAt(node, ['spec']) === undefined ? { remedies: [{ how: 'add', field: 'spec' }] } : {});
  }

  private structure(problem: StructureProblem): void {
    const { kind, path, subject, expected, span, inString } = problem;
    if (kind === 'missing-field' && (this.options.partial || this.olderVersion())) return;
    if (kind === 'out-of-bounds' || kind === 'wrong-type' || kind === 'unknown-value') this.refused.push(path);
    const report = (message: string, more: Partial<Finding> = {}): void => this.report('IST0106', path, message, inString === 'vague' ? { ...more, remedies: [] } : more);
    switch (kind) {
      case 'unknown-field': {
        // What a patch tells Kustomize or `kubectl`.
        if (this.options.partial && subject.startsWith('$')) return;
        const intended = intendedPath(this.reference, this.resource.kind, path, (place) => nodeAt(this.resource.node, place) !== undefined);
        const where = intended && formatPath(intended);
        const beside = intended && formatPath(intended.slice(0, -1)) === formatPath(path.slice(0, -1));
        const english = where === undefined ? '' : beside ? `; did you mean \`${String(intended.at(-1))}\`?` : `; does it belong at \`${where}\`?`;
        const chinese = where === undefined ? '' : beside ? `，是否指 \`${String(intended.at(-1))}\`？` : `，是否应放在 \`${where}\`？`;
        return report(this.say(`There is no field \`${subject}\` here${english}`, `此处没有字段 \`${subject}\`${chinese}`), { span, ...(where === undefined ? {} : { suggestion: where, remedies: [beside ? { how: 'rename', to: String(intended!.at(-1)) } : { how: 'move', to: where }] }) });
      }
      case 'missing-field':
        return report(this.say(`\`${subject}\` is required here`, `此处必须有 \`${subject}\``), { remedies: [{ how: 'add', field: subject }], ...(inString ? { span } : {}) });
      case 'unknown-value':
        return report(this.say(`\`${subject}\` is none of ${expected}`, `\`${subject}\` 不在可选值 ${expected} 之中`), { span, ...nearestValue(subject, expected) });
      case 'wrong-type':
        if (subject === 'null') return report(this.say('An entry may not be empty', '列表项不能为空'), { span, remedies: [{ how: 'remove' }] });
        return report(expected === 'string' ? this.say(`Must be a string: write "${subject}"`, `必须是字符串，请写 "${subject}"`) : this.say(`\`${subject}\` is no ${TYPE_NAMES[expected] ?? expected}${unquoted(subject, expected).remedies ? ': leave out the quotes' : ''}`, `\`${subject}\` 不是 ${typeWord(expected)}`), { span, ...(expected === 'string' ? { remedies: [{ how: 'quote' }] } : unquoted(subject, expected)) });
      case 'out-of-bounds':
        return report(this.bounds(subject, expected), { span });
    }
  }

  /** What a number, a length or a text must be. */
  private bounds(subject: string, expected: string): string {
    const [, low, high] = /^(-?[\d.]*?)\.\.(-?[\d.]*)$/.exec(expected) ?? [];
    if (low === undefined || high === undefined) return this.say(`\`${subject}\` is not of the form \`${expected}\``, `\`${subject}\` 不符合格式 \`${expected}\``);
    const english = low === '' ? `at most ${high}` : high === '' ? `at least ${low}` : low === high ? low : `${low} to ${high}`;
    const chinese = low === '' ? `至多 ${high}` : high === '' ? `至少 ${low}` : low === high ? ` ${low}` : ` ${low} 到 ${high}`;
    const units = { items: '项', entries: '项', characters: '个字符' }[subject];
    return units === undefined ? this.say(`\`${subject}\` must be ${english}`, `\`${subject}\` 的取值须为${chinese}`) : this.say(`Must have ${english} ${subject}`, `须有${chinese} ${units}`);
  }

  private deprecations(): void {
    const { node, kind } = this.resource;
    for (const { path, span } of keysOf(node)) {
      const place = findField(this.reference, kind, path);
      const { field } = place;
      if (!place.known || !field?.deprecated || path.at(-1) === '<<' || typeof path.at(-1) === 'number') continue;
      const above = findField(this.reference, kind, path.slice(0, -1));
      if (above.field === field) continue;
      if (path.at(-2) === 'annotations') {
        this.report('IST0135', path, this.say(`\`${String(path.at(-1))}\` is deprecated. ${field.deprecated}`, `\`${String(path.at(-1))}\` 已弃用。${field.deprecated}`), { span, remedies: [...this.asLabel(path), { how: 'remove' }] });
        continue;
      }
      this.report('IST0002', path, this.say(`\`${String(path.at(-1))}\` is deprecated. ${field.deprecated}`, `\`${String(path.at(-1))}\` 已弃用。${field.deprecated}`), { span, ...successor(path, this.document.value(nodeAt(node, path) ?? null, FILLED_IN)) });
    }
  }

  /** The label that took an annotation's place, where both have one name. */
  private asLabel(path: Path): Remedy[] {
    const place = [...path.slice(0, -2), 'labels', path.at(-1)!];
    const value = textAt(this.resource.node, path);
    return path.at(-1) === 'sidecar.istio.io/inject' && value !== undefined && nodeAt(this.resource.node, place) === undefined ? [{ how: 'set', path: place, value }] : [];
  }

  private rules(): void {
    const { kind, node } = this.resource;
    const complain = ({ level, path, said, remedies, code }: Complaint, span?: Span): void => {
      // A patch replaces lists as a whole: only what stands in them can be judged by itself.
      if (this.options.partial && !path.some((segment, depth) => typeof segment === 'number' && depth < path.length - 1)) return;
      if (this.found.some((finding) => finding.remedies?.[0]?.how === 'remove' && samePath(finding.path, path))) return;
      if (level === 'error' && this.refused.some((refused) => samePath(refused, path))) return;
      const last = path.findLast((segment) => typeof segment === 'string');
      const [english, chinese] = said;
      this.report(code ?? (level === 'error' ? 'IST0106' : 'IST0133'), path, this.say(`\`${String(last)}\`: ${english}`, `\`${String(last)}\`：${chinese}`), { ...(remedies ? { remedies } : {}), ...(span ? { span } : {}) });
    };
    const root = new Value(this.document.value(node, FILLED_IN), [], (complaint) => complain(complaint));
    const namespace = root.at('metadata', 'namespace').text ?? 'default';
    const checked = { kind: kind.kind, group: kind.group, root, spec: root.get('spec'), namespace, partial: this.options.partial === true };
    for (const rule of RULES[`${kind.group}/${kind.kind}`] ?? []) rule(checked);
    this.embedded(complain);
  }

  /** Configuration in strings: the same rules, at the path that continues. */
  private embedded(complain: (complaint: Complaint, span?: Span) => void): void {
    const { kind, node } = this.resource;
    for (const { path, value } of keysOf(node)) {
      const type = embeddedType(findField(this.reference, kind, path).type);
      if (type === undefined || !isScalar(value) || typeof value.value !== 'string' || !value.range) continue;
      const inner = embeddedText(this.document.text, { start: value.range[0], end: value.range[1] }, scalarText(value));
      const document = readDocument(inner.text);
      if (document.broken || document.root === null) continue;
      const root = new Value(document.value(document.root, FILLED_IN), path, (complaint) => {
        const span = spanAt(document.root, complaint.path.slice(path.length));
        complain(complaint, inner.exact ? { start: span.start + inner.start, end: span.end + inner.start } : undefined);
      });
      if (type === 'MeshConfig') meshConfig(root);
      else if (type === 'MeshNetworks') meshNetworks(root);
      else if (type === 'MeshProxyConfig') proxyConfig(root);
    }
  }
}

/** What took the place of a deprecated field, with the value that it has there. */
const SUCCESSORS: Readonly<Record<string, (value: Plain) => Remedy>> = {
  mirrorPercent: (value) => ({ how: 'swap', to: 'mirrorPercentage', value: { value } }),
  mirror_percent: (value) => ({ how: 'swap', to: 'mirrorPercentage', value: { value } }),
  percent: (value) => ({ how: 'swap', to: 'percentage', value: { value } }),
  warmupDurationSecs: (value) => ({ how: 'swap', to: 'warmup', value: { duration: value } }),
  minimumRingSize: (value) => ({ how: 'swap', to: 'ringHash', value: { minimumRingSize: value } }),
  allowOrigin: (value) => ({ how: 'swap', to: 'allowOrigins', value: Array.isArray(value) ? value.map((exact: Plain) => ({ exact })) : [] }),
  consecutiveErrors: () => ({ how: 'rename', to: 'consecutive5xxErrors' }),
  jwks_uri: () => ({ how: 'rename', to: 'jwksUri' }),
  includeHeadersInCheck: () => ({ how: 'rename', to: 'includeRequestHeadersInCheck' }),
};

/** The remedy of a deprecated field whose value is known. */
function successor(path: Path, value: unknown): Pick<Finding, 'remedies'> {
  const name = String(path.at(-1));
  const plain = ['string', 'number'].includes(typeof value) || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
  return plain && Object.hasOwn(SUCCESSORS, name) ? { remedies: [SUCCESSORS[name]!(value as Plain)] } : {};
}

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((segment, depth) => segment === b[depth]);
}

/** Nothing, or `null`. */
function isEmpty(node: Node | undefined): boolean {
  return node === undefined || (isScalar(node) && node.value === null);
}

const TYPE_WORDS: Readonly<Record<string, string>> = { integer: '整数', number: '数字', boolean: '布尔值', duration: '时长', list: '列表', mapping: '映射', 'int-or-string': '整数或字符串', enum: '枚举值' };

function typeWord(type: string): string {
  return TYPE_WORDS[type] ?? type;
}

const TYPE_NAMES: Readonly<Record<string, string>> = { integer: 'whole number', 'int-or-string': 'number or string', enum: 'known value' };

/** A number or boolean that was written as a string. */
function unquoted(written: string, expected: string): Pick<Finding, 'remedies'> {
  const form = { integer: /^-?\d+$/, number: /^-?\d+(?:\.\d+)?$/, boolean: /^(?:true|false)$/ }[expected];
  return form?.test(written) ? { remedies: [{ how: 'replace', with: written }] } : {};
}

/** The value of an enumeration that was probably meant. */
function nearestValue(written: string, expected: string): Pick<Finding, 'remedies'> {
  const values = expected.split(', ');
  const plain = (text: string) => text.replace(/[-_]/g, '').toLowerCase();
  const meant = values.find((value) => plain(value) === plain(written)) ?? values.find((value) => editDistance(plain(value), plain(written)) <= 2);
  return meant === undefined ? {} : { remedies: [{ how: 'replace', with: meant }] };
}
