import type { Path } from '../../yaml/path.ts';

/** Data that is written into a document. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

/** A resource in another document, which is known by its text: it may have changed since. */
export interface Elsewhere {
  readonly file: string;
  readonly text: string;
  readonly item: Path;
  /** `Kind namespace/name`. */
  readonly name: string;
}

/** How a finding could be mended, told where it is found. Paths are those of the resource. */
export type Remedy<Place = Elsewhere> =
  | { readonly how: 'rename'; readonly to: string }
  | { readonly how: 'move'; readonly to: string }
  | { readonly how: 'replace'; readonly with: string }
  | { readonly how: 'quote' }
  | { readonly how: 'add'; readonly field: string }
  | { readonly how: 'remove'; readonly path?: Path }
  /** Takes out the key that does not count, of two with one name. */
  | { readonly how: 'deduplicate' }
  /** Another field in place of this one. */
  | { readonly how: 'swap'; readonly to: string; readonly value: Plain }
  /** Writes a field, opening what is missing above it. */
  | { readonly how: 'set'; readonly path: Path; readonly value: Plain; readonly in?: Place }
  /** Writes an entry at the end of a list. */
  | { readonly how: 'append'; readonly path: Path; readonly value: Plain; readonly in?: Place };
