import type { FromReader, Navigation, Page, ReaderState, Target, ToReader } from '../core/reader/messages.ts';
import { codeTools } from './code.ts';
import { button, element } from './dom.ts';
import { chapterPage, coverPage } from './page.ts';
import { Position } from './position.ts';
import { toolbar } from './toolbar.ts';

/** The reader's page: shows what it is told, and tells what is clicked. */

interface VsCode {
  postMessage(message: FromReader): void;
  setState(state: ReaderState): void;
}

declare function acquireVsCodeApi(): VsCode;

const vscode = acquireVsCodeApi();
const tell = (message: FromReader) => vscode.postMessage(message);
const position = new Position((state, last) => {
  vscode.setState(state);
  if (last) tell({ type: 'reading', ...state });
});
let page: Page | undefined;

function show(next: Page, target: Target, navigation: Navigation): void {
  page = next;
  document.documentElement.lang = next.language;
  document.body.dataset['page'] = next.kind;
  const main = next.kind === 'cover' ? coverPage(next) : chapterPage(next, navigation);
  document.body.replaceChildren(toolbar(next, navigation, tell), main);
  for (const block of main.querySelectorAll<HTMLElement>('.code')) codeTools(block, next.words, tell);
  position.watch(main, next.id);
  reveal(target, true);
}

function reveal(target: Target, fresh: boolean): void {
  const place = target.section === undefined ? undefined : document.getElementById(target.section);
  position.goTo(place ?? undefined, target.offset ?? 0);
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
      document.querySelector('.toolbar')?.replaceWith(toolbar(page!, data.navigation, tell));
      return reveal(data.target, false);
    case 'notice':
      return notice(data.text, data.query);
  }
});

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : undefined;
  const link = target?.closest('a');
  const href = link?.getAttribute('href');
  if (href?.startsWith('#')) {
    event.preventDefault();
    tell({ type: 'open', section: href.slice(1) });
  }
  const snippets = target?.closest<HTMLElement>('[data-snippets]')?.dataset['snippets'];
  if (snippets) tell({ type: 'insertSnippet', section: snippets });
  const go = target?.closest<HTMLElement>('[data-go]')?.dataset['go'];
  if (go === 'previous' || go === 'next') tell({ type: 'go', to: go });
});

// The mouse's own buttons for back and forward.
window.addEventListener('mouseup', ({ button: which }) => {
  if (which === 3) tell({ type: 'go', to: 'back' });
  if (which === 4) tell({ type: 'go', to: 'forward' });
});

tell({ type: 'ready' });
