import { embeddedType, itemType, type Field, type Reference } from '../reference/model.ts';
import type { IndentStyle } from '../yaml/scan.ts';

/** What is written for a key, in snippet syntax. */
export interface Insert {
  readonly text: string;
  /** It ends where a value is to be completed. */
  readonly more: boolean;
}

export interface InsertPlace {
  /** The column of the key. */
  readonly column: number;
  readonly style: IndentStyle;
  readonly flow: boolean;
}

/** How deep required fields are written out of themselves. */
const DEPTH = 4;

/** A key with what has to follow it: nothing for a scalar, the required fields for a message. */
export function keyInsert(reference: Reference, name: string, field: Field, { column, style, flow }: InsertPlace): Insert {
  if (flow) return flowInsert(reference, name, field);
  const writer = new Writer(reference, style);
  const rest = writer.value(field.type, field, column, DEPTH);
  return { text: `${name}:${rest}`, more: writer.stops === 1 && /[ ]\$\{?1\}?$/.test(rest) };
}

function flowInsert(reference: Reference, name: string, field: Field): Insert {
  const container = itemType(field.type)?.container;
  if (container === 'list') return { text: `${name}: [$1]`, more: true };
  if (container === 'map' || reference.messages[field.type]) return { text: `${name}: {$1}`, more: true };
  return { text: `${name}: $1`, more: true };
}

/** A whole item of a list whose dash stands at `column`, with its required fields; undefined where it has none. */
export function itemBlock(reference: Reference, type: string, column: number, style: IndentStyle): Insert | undefined {
  const writer = new Writer(reference, style);
  const body = writer.required(type, column + 2, DEPTH);
  return body === undefined ? undefined : { text: `- ${body}`, more: writer.stops === 1 && body.endsWith('$1') };
}

/** Text whose further lines begin in a column. */
export function indented(text: string, column: number): string {
  return text.replace(/\n(?=.)/g, `\n${' '.repeat(column)}`);
}

class Writer {
  stops = 0;

  constructor(
    private readonly reference: Reference,
    private readonly style: IndentStyle,
  ) {}

  /** What follows `key:`, the blank or line break included. */
  value(type: string, field: Field | undefined, column: number, depth: number): string {
    const item = itemType(type);
    if (item?.container === 'list') {
      const dash = column + this.style.dashes;
      return `\n${' '.repeat(dash)}- ${this.inItem(item.of, field, dash + 2, depth)}`;
    }
    const inner = column + this.style.unit;
    if (item?.container === 'map' || type === 'any') return `\n${' '.repeat(inner)}${this.stop()}`;
    if (embeddedType(type)) return ` |\n${' '.repeat(inner)}${this.stop()}`;
    if (this.reference.messages[type]) return `\n${' '.repeat(inner)}${this.required(type, inner, depth) ?? this.stop()}`;
    return ` ${this.scalar(field)}`;
  }

  /** The required fields of a message, the first without its indentation; undefined where there is none. */
  required(type: string, column: number, depth: number): string | undefined {
    if (depth === 0) return undefined;
    const needed = Object.entries(this.reference.messages[type]?.fields ?? {}).filter(([, field]) => field.required);
    if (needed.length === 0) return undefined;
    return needed.map(([name, field]) => `${name}:${this.value(field.type, field, column, depth - 1)}`).join(`\n${' '.repeat(column)}`);
  }

  private inItem(type: string, field: Field | undefined, column: number, depth: number): string {
    if (!this.reference.messages[type]) return this.scalar(field);
    return this.required(type, column, depth) ?? this.stop();
  }

  private scalar(field: Field | undefined): string {
    const values = Object.keys(field?.enum ?? {}).filter((value) => /^[\w-]+$/.test(value));
    if (!field?.required || values.length === 0) return this.stop();
    return `\${${++this.stops}|${values.join(',')}|}`;
  }

  private stop(): string {
    return `$${++this.stops}`;
  }
}
