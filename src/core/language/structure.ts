import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Span } from '../base/text.ts';
import { embeddedType, itemType, type Field, type Reference } from '../reference/model.ts';
import { embeddedText } from '../yaml/embedded.ts';
import { keysOf, PLACEHOLDER, readDocument, scalarText } from '../yaml/parse.ts';
import type { Path } from '../yaml/path.ts';

/** A place where a document is not what the API's schema says. */
export interface StructureProblem {
  readonly kind: 'unknown-field' | 'wrong-type' | 'unknown-value' | 'missing-field' | 'out-of-bounds';
  readonly path: Path;
  readonly span: Span;
  /** The field or value that is wrong, or the field that is missing. */
  readonly subject: string;
  /** What the API expects: a type, the known values, a bound. */
  readonly expected: string;
  /** It is in a string; where escapes hide the place, the span is the whole string's. */
  readonly inString?: 'exact' | 'vague';
}

const DURATION = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*$/;

/**
 * Compares a node with the type that the API expects of it, all the way down.
 * @param text what the node was read from: with it, what is wrong inside of strings has its exact place
 */
export function structureProblems(reference: Reference, node: Node | null, type: string, path: Path = [], text?: string): StructureProblem[] {
  const problems: StructureProblem[] = [];
  new StructureCheck(reference, text, (problem) => problems.push(problem)).value(node, type, undefined, path);
  return problems;
}

class StructureCheck {
  constructor(
    private readonly reference: Reference,
    private readonly text: string | undefined,
    private readonly report: (problem: StructureProblem) => void,
  ) {}

  value(node: Node | null, type: string, field: Field | undefined, path: Path): void {
    if (node === null || isAlias(node) || type === 'any' || isNull(node)) return;
    if (isScalar(node) && PLACEHOLDER.test(scalarText(node))) return;
    const item = itemType(type);
    if (item?.container === 'list') this.list(node, item.of, field, path);
    else if (item?.container === 'map') this.map(node, item.of, field, path);
    else if (this.reference.messages[type]) this.message(node, type, path);
    else if (embeddedType(type)) this.embedded(node, type, path);
    else if (isScalar(node)) this.scalar(node, type, field, path);
    else this.wrongType(node, type, path);
  }

  private list(node: Node, of: string, field: Field | undefined, path: Path): void {
    if (!isSeq(node)) return this.wrongType(node, 'list', path);
    if (outside(node.items.length, field?.minItems, field?.maxItems)) this.bound(node, path, 'items', field?.minItems, field?.maxItems);
    for (const [index, item] of node.items.entries()) {
      if (of !== 'any' && isNull(item as Node)) this.wrongType(item as Node, of, [...path, index]);
      else this.value(item as Node, of, field, [...path, index]);
    }
  }

  private map(node: Node, of: string, field: Field | undefined, path: Path): void {
    if (!isMap(node)) return this.wrongType(node, 'mapping', path);
    if (outside(node.items.length, field?.minProperties, field?.maxProperties)) this.bound(node, path, 'entries', field?.minProperties, field?.maxProperties);
    for (const { path: inner, value } of keysOf(node)) {
      if (inner.length === 1) this.value(value, of, field, [...path, inner[0]!]);
    }
  }

  /** YAML in a string. */
  private embedded(node: Node, type: string, path: Path): void {
    if (!isScalar(node) || typeof node.value !== 'string') return this.wrongType(node, 'string', path);
    const inner = this.text === undefined ? { text: node.value, start: 0, exact: false } : embeddedText(this.text, spanOf(node), node.value);
    const document = readDocument(inner.text);
    if (document.broken) return;
    for (const problem of structureProblems(this.reference, document.root, embeddedType(type)!, path, inner.exact ? inner.text : undefined)) {
      this.report(inner.exact ? { inString: 'exact', ...problem, span: { start: problem.span.start + inner.start, end: problem.span.end + inner.start } } : { ...problem, span: spanOf(node), inString: 'vague' });
    }
  }

  private message(node: Node, type: string, path: Path): void {
    if (!isMap(node)) return this.wrongType(node, 'mapping', path);
    const { fields, open } = this.reference.messages[type]!;
    const seen = new Set<string>();
    let merges = false;
    for (const { path: inner, name, span, value } of keysOf(node)) {
      if (inner.length !== 1) continue;
      if (name === '<<') {
        merges = true;
        continue;
      }
      // A null is as good as nothing.
      if (value !== null && !isNull(value)) seen.add(name);
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field) this.value(value, field.type, field, [...path, name]);
      else if (open !== undefined) this.value(value, open, undefined, [...path, name]);
      else if (!PLACEHOLDER.test(name)) {
        this.report({ kind: 'unknown-field', path: [...path, name], span, subject: name, expected: Object.keys(fields).join(', ') });
      }
    }
    if (merges) return;
    for (const [name, field] of Object.entries(fields)) {
      if (field.required && !seen.has(name)) {
        this.report({ kind: 'missing-field', path, span: spanOf((node.items[0]?.key as Node | undefined) ?? node), subject: name, expected: field.type });
      }
    }
  }

  private scalar(node: Scalar, type: string, field: Field | undefined, path: Path): void {
    const value = node.value;
    const known = field?.enum && Object.keys(field.enum);
    if (!hasType(value, type)) this.wrongType(node, type, path);
    else if (known && !known.includes(scalarText(node))) {
      this.report({ kind: 'unknown-value', path, span: spanOf(node), subject: scalarText(node), expected: known.join(', ') });
    } else if (type === 'enum' && typeof value === 'boolean') {
      // `OFF` without quotes.
      this.wrongType(node, 'string', path);
    } else if (typeof value === 'number' && outside(value, field?.minimum, field?.maximum)) {
      this.bound(node, path, scalarText(node), field?.minimum, field?.maximum);
    } else if (typeof value === 'string' && outside(value.length, field?.minLength, field?.maxLength)) {
      this.bound(node, path, 'characters', field?.minLength, field?.maxLength);
    } else if (typeof value === 'string' && field?.pattern !== undefined && !matches(field.pattern, value)) {
      this.report({ kind: 'out-of-bounds', path, span: spanOf(node), subject: value, expected: field.pattern });
    }
  }

  private wrongType(node: Node, expected: string, path: Path): void {
    const subject = isNull(node) ? 'null' : isScalar(node) ? scalarText(node) : isMap(node) ? 'mapping' : 'list';
    this.report({ kind: 'wrong-type', path, span: spanOf(node), subject, expected });
  }

  private bound(node: Node, path: Path, subject: string, low: number | undefined, high: number | undefined): void {
    const expected = `${low ?? ''}..${high ?? ''}`;
    this.report({ kind: 'out-of-bounds', path, span: spanOf(node), subject, expected });
  }
}

function spanOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}

/** Whether a text has the form of a definition's pattern; one that JavaScript cannot read says nothing. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return true;
  }
}

function isNull(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function outside(value: number, low: number | undefined, high: number | undefined): boolean {
  return (low !== undefined && value < low) || (high !== undefined && value > high);
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'duration':
      return typeof value === 'string' && DURATION.test(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'int-or-string':
      return typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value));
    default:
      return true;
  }
}
