import { PLACEHOLDER } from '../../yaml/parse.ts';
import type { Path } from '../../yaml/path.ts';
import type { Remedy } from './remedy.ts';

/** Stands for a scalar that a template or an environment fills in: nothing is known of it but that it is there. */
export const FILLED_IN = Symbol('filled in later');

/** Text in both languages of the book. */
export type Said = readonly [english: string, chinese: string];

export type Level = 'error' | 'warning';

/** What a rule complains of: a place, and what is wrong with it. */
export interface Complaint {
  readonly level: Level;
  readonly path: Path;
  readonly said: Said;
  /** What could be done about it. */
  readonly remedies?: readonly Remedy[];
  /** Istio's code, where it has one of its own for this. */
  readonly code?: 'IST0130' | 'IST0131' | 'IH0110';
}

/**
 * A place in a resource as rules look at it. What is not there, `null`, or of another type reads as absent: types are
 * checked elsewhere, so that a rule never has to.
 */
export class Value {
  constructor(
    private readonly raw: unknown,
    readonly path: Path,
    private readonly complain: (complaint: Complaint) => void,
  ) {}

  /** Something is written here that is not `null`. */
  get there(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }

  /** Written, and `null`: a list's entry without a content. */
  get isNull(): boolean {
    return this.raw === null;
  }

  /** A scalar that is not empty, or a list or mapping with entries. */
  get filled(): boolean {
    if (this.raw === FILLED_IN) return true;
    if (Array.isArray(this.raw)) return this.raw.length > 0;
    return isMapping(this.raw) ? Object.keys(this.raw).length > 0 : this.there && this.raw !== '' && this.raw !== 0 && this.raw !== false;
  }

  /** The text, where it is text and known. */
  get text(): string | undefined {
    return typeof this.raw === 'string' ? this.raw : undefined;
  }

  get number(): number | undefined {
    return typeof this.raw === 'number' ? this.raw : undefined;
  }

  get flag(): boolean | undefined {
    return typeof this.raw === 'boolean' ? this.raw : undefined;
  }

  /** Filled in later: whatever a rule would ask cannot be told. */
  get unknown(): boolean {
    return this.raw === FILLED_IN;
  }

  /** A field of a mapping; absent where there is none. */
  get(key: string): Value {
    const value = isMapping(this.raw) && Object.hasOwn(this.raw, key) ? this.raw[key] : undefined;
    return new Value(value, [...this.path, key], this.complain);
  }

  /** A place some fields down. */
  at(...keys: readonly string[]): Value {
    return keys.reduce<Value>((value, key) => value.get(key), this);
  }

  has(key: string): boolean {
    return this.get(key).there;
  }

  /** The first of the fields that is written. */
  firstOf(...keys: readonly string[]): string | undefined {
    return keys.find((key) => this.has(key));
  }

  /** The entries of a list. */
  get items(): Value[] {
    return Array.isArray(this.raw) ? this.raw.map((item: unknown, index) => new Value(item, [...this.path, index], this.complain)) : [];
  }

  list(key: string): Value[] {
    return this.get(key).items;
  }

  /** The texts of a list, those that are known. */
  texts(key: string): string[] {
    return this.list(key).flatMap(({ text }) => (text === undefined ? [] : [text]));
  }

  /** The entries of a mapping, those whose keys are known. */
  get entries(): [string, Value][] {
    return isMapping(this.raw) ? Object.keys(this.raw).filter((key) => !PLACEHOLDER.test(key)).map((key) => [key, this.get(key)]) : [];
  }

  error(english: string, chinese: string, ...remedies: readonly Remedy[]): void {
    this.complain({ level: 'error', path: this.path, said: [english, chinese], remedies });
  }

  /** An error that goes when this place is removed. */
  surplus(english: string, chinese: string): void {
    this.error(english, chinese, { how: 'remove' });
  }

  warn(english: string, chinese: string, ...remedies: readonly Remedy[]): void {
    this.complain({ level: 'warning', path: this.path, said: [english, chinese], remedies });
  }

  /** What has no effect, under a code of its own; without another remedy it is removed. */
  idle(code: Complaint['code'], english: string, chinese: string, ...remedies: readonly Remedy[]): void {
    this.complain({ level: 'warning', path: this.path, said: [english, chinese], remedies: remedies.length > 0 ? remedies : [{ how: 'remove' }], ...(code === undefined ? {} : { code }) });
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A resource as rules look at it. */
export interface Checked {
  readonly kind: string;
  readonly group: string;
  /** The whole document. */
  readonly root: Value;
  readonly spec: Value;
  /** `default` where none is written. */
  readonly namespace: string;
  /** Something else completes it: what is not here may be there. */
  readonly partial: boolean;
}

/** Looks at one resource and complains on its places. */
export type Rule = (resource: Checked) => void;
