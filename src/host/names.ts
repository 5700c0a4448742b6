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
  openToSide: 'istioHandbook.openToSide',
  resume: 'istioHandbook.resume',
  recent: 'istioHandbook.recent',
  revealInContents: 'istioHandbook.revealInContents',
  copyLink: 'istioHandbook.copyLink',
  toggleFollow: 'istioHandbook.toggleFollow',
  toggleBookmark: 'istioHandbook.toggleBookmark',
  removeBookmark: 'istioHandbook.removeBookmark',
  moveBookmarkUp: 'istioHandbook.moveBookmarkUp',
  moveBookmarkDown: 'istioHandbook.moveBookmarkDown',
  resetReading: 'istioHandbook.resetReading',
  clearResults: 'istioHandbook.clearResults',
  exportChapter: 'istioHandbook.exportChapter',
  exportBook: 'istioHandbook.exportBook',
} as const;

export const SETTINGS = {
  language: 'istioHandbook.language',
  fontFamily: 'istioHandbook.reader.fontFamily',
  fontSize: 'istioHandbook.reader.fontSize',
  lineHeight: 'istioHandbook.reader.lineHeight',
  lineWidth: 'istioHandbook.reader.lineWidth',
  follow: 'istioHandbook.reader.followCursor',
  statusBar: 'istioHandbook.statusBar',
  hover: 'istioHandbook.hover',
  checks: 'istioHandbook.checks.enabled',
  checksSeverity: 'istioHandbook.checks.severity',
  checksExclude: 'istioHandbook.checks.exclude',
  roots: 'istioHandbook.roots',
} as const;

export const VIEWS = { contents: 'istioHandbook.contents', bookmarks: 'istioHandbook.bookmarks', results: 'istioHandbook.results' } as const;

/** The tools for language models. */
export const TOOLS = { search: 'search_istio_handbook', read: 'read_istio_handbook_section', explain: 'explain_istio_field' } as const;

/** Set while the view of search results holds any. */
export const HAS_RESULTS = 'istioHandbook.hasResults';

/** The reader's webview type. */
export const READER = 'istioHandbook.reader';

/** Set while the reader is the active editor, for key bindings. */
export const READER_ACTIVE = 'istioHandbook.readerActive';

/** The languages whose documents are YAML, in every scheme. */
export const YAML_DOCUMENTS = [{ language: 'yaml' }, { language: 'helm' }];
