import type { FromReader, Navigation, Page } from '../core/reader/messages.ts';
import { button, element } from './dom.ts';

/** The bar above the page: the way back and forth, search, what can be done with the section being read, and the other language. */
export function toolbar(page: Page, navigation: Navigation, tell: (message: FromReader) => void, current: () => string): HTMLElement {
  const { words } = page;
  const go = (to: 'back' | 'forward' | 'previous' | 'next') => () => tell({ type: 'go', to });
  const back = button('back', words.back, go('back'));
  const forward = button('forward', words.forward, go('forward'));
  back.disabled = !navigation.back;
  forward.disabled = !navigation.forward;
  const crumbs = element('span', { class: 'crumbs' }, page.part === '' ? [page.title] : [page.part, ' › ', page.title]);
  const language = button('language', words.switchLanguage, () => tell({ type: 'switchLanguage' }));
  language.append(element('span', {}, [words.switchLanguage]));
  const bookmark = button('bookmark', words.bookmark, () => tell({ type: 'bookmark', section: current() }));
  const follow = button('follow', words.follow, () => tell({ type: 'follow' }));
  for (const toggle of [bookmark, follow]) toggle.setAttribute('aria-pressed', 'false');
  const ofSection = page.kind === 'cover' ? [] : [button('revealInContents', words.revealInContents, () => tell({ type: 'revealInContents', section: current() })), bookmark];
  return element('div', { class: 'toolbar', role: 'toolbar', 'aria-label': words.readerActions }, [
    back,
    forward,
    crumbs,
    button('search', words.search, () => tell({ type: 'search', query: '' })),
    ...ofSection,
    follow,
    language,
  ]);
}
