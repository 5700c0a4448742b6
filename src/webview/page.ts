import type { FromReader, Navigation, Page, PageSection } from '../core/reader/messages.ts';
import { button, element, icon } from './dom.ts';

/** Text of the book as nodes: our own build made it, and the page's policy runs nothing that is in it. */
function html(text: string): DocumentFragment {
  return document.createRange().createContextualFragment(text);
}

/** A chapter: its title, its sections, the contents beside them, and the way on. */
export function chapterPage(page: Page, navigation: Navigation, tell: (message: FromReader) => void): HTMLElement {
  const { words } = page;
  const facts = [`${page.minutes} ${words.minutes}`, `${words.verified} ${page.verified}`].join(' · ');
  const head = element('header', { class: 'chapter-head' }, [
    element('p', { class: 'part' }, [page.part]),
    element('h1', { tabindex: '-1' }, [page.title]),
    element('p', { class: 'summary' }, [page.summary]),
    element('p', { class: 'facts' }, [facts, element('span', { class: 'progress' })]),
  ]);
  const article = element('article', {}, [head, ...page.sections.map((section) => sectionNode(section, page, tell)), sources(page), neighbours(page, navigation)]);
  return element('main', {}, [pageContents(page), article]);
}

function sectionNode(section: PageSection, { words }: Page, tell: (message: FromReader) => void): HTMLElement {
  const heading = element('h2', { tabindex: '-1' }, [section.title]);
  const bookmark = button('bookmark', words.bookmark, () => tell({ type: 'bookmark', section: section.id }));
  bookmark.setAttribute('aria-pressed', 'false');
  const tools = [button('copyLink', words.copyLink, () => tell({ type: 'copyLink', section: section.id })), bookmark];
  if (section.snippets) tools.unshift(button('snippets', words.snippets, () => tell({ type: 'insertSnippet', section: section.id })));
  // Beside the heading and not in it: a heading's name is its title.
  const head = element('div', { class: 'section-head' }, [heading, element('div', { class: 'section-tools', role: 'group', 'aria-label': words.sectionActions }, tools)]);
  const node = element('section', { id: section.id }, [head]);
  node.append(html(section.html));
  if (section.fields.length > 0) node.append(fieldList(section, words));
  return node;
}

/** The fields that a section explains; each says what it means, and can be inserted. */
function fieldList({ fields }: PageSection, words: Page['words']): HTMLElement {
  const list = element('ul', {}, fields.map((path) => element('li', {}, [element('button', { type: 'button', 'data-field': path }, [path])])));
  return element('details', { class: 'fields' }, [element('summary', {}, [`${words.fields} (${fields.length})`]), list]);
}

/** The contents of this page: beside the text where there is room, folded above it where there is none. */
function pageContents({ sections, words }: Page): HTMLElement {
  const list = element('ol', {}, sections.map(({ id, title }) => element('li', {}, [element('a', { href: `#${id}` }, [title])])));
  const folded = element('details', {}, [element('summary', {}, [words.contents]), list.cloneNode(true)]);
  const beside = element('div', { class: 'beside' }, [element('p', { class: 'contents-title' }, [words.contents]), list]);
  return element('nav', { class: 'page-contents', 'aria-label': words.contents }, [folded, beside]);
}

function sources({ sources: addresses, words }: Page): HTMLElement {
  if (addresses.length === 0) return element('div');
  const list = element('ul', {}, addresses.map((address) => element('li', {}, [element('a', { href: address }, [address.replace('https://', '')])])));
  return element('details', { class: 'sources' }, [element('summary', {}, [words.sources]), list]);
}

function neighbours({ words }: Page, { previous, next }: Navigation): HTMLElement {
  const link = (to: 'previous' | 'next', title: string | undefined) => {
    if (title === undefined) return element('span');
    const made = element('button', { type: 'button', class: `neighbour ${to}`, 'data-go': to }, [
      element('span', { class: 'neighbour-label' }, [words[to]]),
      element('span', { class: 'neighbour-title' }, [title]),
    ]);
    made.prepend(icon(to));
    return made;
  };
  return element('nav', { class: 'neighbours', 'aria-label': `${words.previous}, ${words.next}` }, [link('previous', previous), link('next', next)]);
}

/** The cover: its drawing, and the book's contents below. */
export function coverPage({ title, cover, words }: Page): HTMLElement {
  const drawing = element('div', { class: 'cover-drawing' });
  drawing.append(html(cover?.drawing ?? ''));
  const parts = (cover?.parts ?? []).map((part) =>
    element('section', { class: 'cover-part' }, [
      element('h2', {}, [part.title]),
      element('ul', {}, part.chapters.map(({ id, title: name, summary, minutes, read }) =>
        element('li', {}, [
          element('a', { href: `#${id}` }, [name]),
          element('span', { class: 'minutes' }, [read >= 0.005 ? `${Math.round(100 * read)} %` : `${minutes} ${words.minutes}`]),
          element('p', {}, [summary]),
        ]),
      )),
    ]),
  );
  return element('main', { class: 'cover' }, [element('h1', { tabindex: '-1', class: 'visually-hidden' }, [title]), drawing, ...recentlyRead(cover?.recent ?? [], words), ...parts]);
}

/** Where to go on reading, and what was read before that. */
function recentlyRead([last, ...before]: NonNullable<Page['cover']>['recent'], words: Page['words']): HTMLElement[] {
  if (!last) return [];
  const link = ({ id, title, chapter }: typeof last) => element('a', { href: `#${id}` }, [title, element('span', { class: 'of-chapter' }, [chapter])]);
  const resume = element('p', { class: 'resume' }, [element('span', { class: 'recent-label' }, [words.resume]), link(last)]);
  if (before.length === 0) return [element('div', { class: 'recent' }, [resume])];
  const list = element('p', { class: 'before' }, [element('span', { class: 'recent-label' }, [words.recent]), ...before.map(link)]);
  return [element('div', { class: 'recent' }, [resume, list])];
}
