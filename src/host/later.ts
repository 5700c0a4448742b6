/**
 * What the extension reads when it is first needed, most of its code: the YAML parser, the language features, the checks
 * and the search. Import it where it is used, and activation stays small.
 */
export { parse as parseJsonc } from 'jsonc-parser';
export { Search } from '../core/book/search.ts';
export { checkDocument } from '../core/checks/check.ts';
export { fixesOf } from '../core/checks/fixes.ts';
export { ignoredIn } from '../core/checks/ignored.ts';
export { Together } from '../core/checks/together.ts';
export { complete } from '../core/language/complete.ts';
export { explain, explanationRecord } from '../core/language/explain.ts';
export { fieldNames } from '../core/language/fieldNames.ts';
export { hover } from '../core/language/hover.ts';
export { WorkspaceIndex } from '../core/language/workspaceIndex.ts';
export { printPage } from '../core/reader/export.ts';
export { tokenColors } from '../core/reader/tokenColors.ts';
