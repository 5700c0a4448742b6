import type { Navigation, Page, PageSection } from '../core/reader/messages.ts';
import { element, icon } from './dom.ts';

/** Text of the book as nodes: our own build made it, and the page's policy runs nothing that is in it. */
function html(text: string): DocumentFragment {
  return document.createRange().createContextualFragment(text);
}

/** A chapter: its title, its sections, the contents beside them, and the way on. */
export function chapterPage(page: Page, navigation: Navigation): HTMLElement {
  const { words } = page;
  const facts = [`${page.minutes} ${words.minutes}`, `${words.verified} ${page.verified}`].join(' · ');
  const head = element('header', { class: 'chapter-head' }, [
    element('p', { class: 'part' }, [page.part]),
    element('h1', { tabindex: '-1' }, [page.title]),
    element('p', { class: 'summary' }, [page.summary]),
    element('p', { class: 'facts' }, [facts]),
  ]);
  const article = element('article', {}, [head, ...page.sections.map((section) => sectionNode(section, page)), sources(page), neighbours(page, navigation)]);
  return element('main', {}, [pageContents(page), article]);
}

function sectionNode(section: PageSection, { words }: Page): HTMLElement {
  const heading = element('h2', { tabindex: '-1' }, [section.title]);
  if (section.snippets) {
    const snippets = element('button', { type: 'button', class: 'snippets', title: words.snippets, 'aria-label': words.snippets, 'data-snippets': section.id }, [icon('snippets')]);
    heading.append(snippets);
  }
  const node = element('section', { id: section.id }, [heading]);
  node.append(html(section.html));
  return node;
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
      element('ul', {}, part.chapters.map(({ id, title: name, summary, minutes }) =>
        element('li', {}, [
          element('a', { href: `#${id}` }, [name]),
          element('span', { class: 'minutes' }, [`${minutes} ${words.minutes}`]),
          element('p', {}, [summary]),
        ]),
      )),
    ]),
  );
  return element('main', { class: 'cover' }, [element('h1', { tabindex: '-1', class: 'visually-hidden' }, [title]), drawing, ...parts]);
}
