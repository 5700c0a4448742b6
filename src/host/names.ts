/** The names that the manifest declares; a test compares the two. */
export const COMMANDS = {
  open: 'istioHandbook.open',
  search: 'istioHandbook.search',
  insertSnippet: 'istioHandbook.insertSnippet',
  switchLanguage: 'istioHandbook.switchLanguage',
  back: 'istioHandbook.back',
  forward: 'istioHandbook.forward',
  previous: 'istioHandbook.previousChapter',
  next: 'istioHandbook.nextChapter',
} as const;

export const SETTINGS = {
  language: 'istioHandbook.language',
  hover: 'istioHandbook.hover',
  checks: 'istioHandbook.checks.enabled',
  checksSeverity: 'istioHandbook.checks.severity',
  checksExclude: 'istioHandbook.checks.exclude',
} as const;

export const VIEWS = { contents: 'istioHandbook.contents' } as const;

/** The reader's webview type. */
export const READER = 'istioHandbook.reader';

/** Set while the reader is the active editor, for key bindings. */
export const READER_ACTIVE = 'istioHandbook.readerActive';

/** The languages whose documents are YAML, in every scheme. */
export const YAML_DOCUMENTS = [{ language: 'yaml' }, { language: 'helm' }];
