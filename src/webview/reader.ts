import type { FromReader, Navigation, Page, ReaderState, Status, Target, ToReader } from '../core/reader/messages.ts';
import { codeTools } from './code.ts';
import { button, element } from './dom.ts';
import { enlargeableFigures } from './figures.ts';
import { Finder } from './finder.ts';
import { chapterPage, coverPage } from './page.ts';
import { Popover } from './popover.ts';
import { Position } from './position.ts';
import { applyPreferences } from './preferences.ts';
import { showStatus } from './status.ts';
import { toolbar } from './toolbar.ts';

/** The reader's page: shows what it is told, and tells what is clicked. */

interface VsCode {
  postMessage(message: FromReader): void;
  setState(state: ReaderState): void;
}

declare function acquireVsCodeApi(): VsCode;

const vscode = acquireVsCodeApi();
const tell = (message: FromReader) => vscode.postMessage(message);
const position = new Position(
  (state, last) => {
    vscode.setState(state);
    if (!last) return;
    tell({ type: 'reading', ...state });
    update();
  },
  (section, part) => tell({ type: 'seen', section, part }),
);
const popover = new Popover(tell);
const finder = new Finder();
let page: Page | undefined;
let status: Status = { read: {}, bookmarks: [], following: false };

function show(next: Page, target: Target, navigation: Navigation): void {
  page = next;
  document.documentElement.lang = next.language;
  document.body.dataset['page'] = next.kind;
  popover.close(false);
  finder.clear();
  const main = next.kind === 'cover' ? coverPage(next) : chapterPage(next, navigation, tell);
  document.body.replaceChildren(toolbar(next, navigation, tell, () => position.current), main);
  for (const block of main.querySelectorAll<HTMLElement>('.code')) codeTools(block, next.words, tell);
  enlargeableFigures(main, next.words);
  position.watch(main, next.id);
  reveal(target, true);
  update();
}

function update(): void {
  if (page) showStatus(status, page, position.current);
}

function reveal(target: Target, fresh: boolean): void {
  const place = target.section === undefined ? undefined : document.getElementById(target.section);
  position.goTo(place ?? undefined, target.offset ?? 0);
  if (target.marks && page) finder.mark(document.querySelector('main')!, target.marks, place ?? undefined, page.words);
  if (target.quiet) return;
  const focus = place?.querySelector<HTMLElement>('h2') ?? (fresh || !place ? document.querySelector<HTMLElement>('h1') : place);
  focus?.focus({ preventScroll: true });
}

function notice(text: string, query: string): void {
  const words = page?.words;
  document.querySelector('.notice')?.remove();
  const box = element('div', { class: 'notice', role: 'alert' }, [element('p', {}, [text])]);
  if (words) {
    const search = button('search', words.search, () => tell({ type: 'search', query }));
    search.append(element('span', {}, [words.search]));
    box.append(search, button('close', words.dismiss, () => box.remove()));
  }
  document.body.append(box);
}

window.addEventListener('message', ({ data }: MessageEvent<ToReader>) => {
  switch (data.type) {
    case 'show':
      return show(data.page, data.target, data.navigation);
    case 'reveal':
      document.querySelector('.toolbar')?.replaceWith(toolbar(page!, data.navigation, tell, () => position.current));
      reveal(data.target, false);
      return update();
    case 'notice':
      return notice(data.text, data.query);
    case 'preferences':
      return applyPreferences(data.preferences);
    case 'status':
      status = data.status;
      return update();
    case 'explained':
      return page && popover.explained(data.explained, page);
  }
});

/** Follows a link inside the book: to a term, a footnote, or a section. */
function follow(link: HTMLElement, href: string): void {
  if (href.startsWith('#term:')) popover.term(link, href.slice('#term:'.length), page!);
  else if (href.startsWith('#fnref')) document.getElementById(href.slice(1))?.focus();
  else if (href.startsWith('#fn')) popover.footnote(link, href.slice(1), page!);
  else tell({ type: 'open', section: href.slice(1) });
}

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : undefined;
  const link = target?.closest('a');
  const href = link?.getAttribute('href');
  if (link && href?.startsWith('#') && page) {
    event.preventDefault();
    follow(link, href);
  }
  const field = target?.closest<HTMLElement>('[data-field]');
  if (field) popover.field(field, field.dataset['field']!);
  const go = target?.closest<HTMLElement>('[data-go]')?.dataset['go'];
  if (go === 'previous' || go === 'next') tell({ type: 'go', to: go });
});

// The mouse's own buttons for back and forward.
window.addEventListener('mouseup', ({ button: which }) => {
  if (which === 3) tell({ type: 'go', to: 'back' });
  if (which === 4) tell({ type: 'go', to: 'forward' });
});

tell({ type: 'ready' });
