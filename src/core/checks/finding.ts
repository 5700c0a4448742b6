import type { Span } from '../base/text.ts';
import type { Kind } from '../reference/model.ts';
import type { Path } from '../yaml/path.ts';
import type { CodeName, Severity } from './codes.ts';

/** Something wrong with a resource, or likely not meant. */
export interface Finding {
  readonly code: CodeName;
  readonly severity: Severity;
  readonly message: string;
  /** In the text that was checked. */
  readonly span: Span;
  readonly path: Path;
  /** The section that explains it. */
  readonly section: string;
  /** `Kind namespace/name`, or `Kind name`. */
  readonly resource: string;
  /** The path that an unknown field was probably meant to have. */
  readonly suggestion?: string;
  readonly remedy?: Remedy;
  /** The kind of the resource; absent where the document cannot be read. */
  readonly kind?: Kind;
}

/** How a finding could be mended, told where it is found. */
export type Remedy =
  | { readonly how: 'rename'; readonly to: string }
  | { readonly how: 'move'; readonly to: string }
  | { readonly how: 'replace'; readonly with: string }
  | { readonly how: 'quote' }
  | { readonly how: 'add'; readonly field: string }
  | { readonly how: 'remove' };
