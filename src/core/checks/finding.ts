import type { Span } from '../base/text.ts';
import type { Kind } from '../reference/model.ts';
import type { Path } from '../yaml/path.ts';
import type { CodeName, Severity } from './codes.ts';
import type { Remedy } from './rules/remedy.ts';

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
  /** What could be done about it, the likeliest first. */
  readonly remedies?: readonly Remedy[];
  /** The kind of the resource; absent where the document cannot be read, or the kind is not ours. */
  readonly kind?: Kind;
  /** Where the resource stands in its document; absent where it is the document. */
  readonly item?: Path;
}
