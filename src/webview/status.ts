import type { Page, Status } from '../core/reader/messages.ts';
import { element } from './dom.ts';

/** Shows what was read and bookmarked: ticks in the contents, the chapter's share, pressed buttons. */
export function showStatus({ read, bookmarks, following }: Status, page: Page, current: string): void {
  const { words } = page;
  for (const link of document.querySelectorAll<HTMLElement>('.page-contents a')) {
    const id = link.getAttribute('href')!.slice(1);
    const done = read[id] === 1;
    link.querySelector('.tick')?.remove();
    if (done) link.append(element('span', { class: 'tick', role: 'img', 'aria-label': words.done }, ['✓']));
  }
  const facts = document.querySelector('.facts .progress');
  if (facts && page.minutes > 0) {
    const minutes = page.sections.reduce((sum, section) => sum + section.minutes * (read[section.id] ?? 0), 0);
    const share = Math.round((100 * minutes) / page.minutes);
    facts.textContent = share > 0 ? ` · ${share} % ${words.read}` : '';
  }
  const press = (selector: string, pressed: boolean) => document.querySelector(selector)?.setAttribute('aria-pressed', String(pressed));
  press('.toolbar [data-action=bookmark]', bookmarks.includes(current));
  press('.toolbar [data-action=follow]', following);
  for (const section of document.querySelectorAll('article > section[id]')) {
    section.querySelector('.section-tools [data-action=bookmark]')?.setAttribute('aria-pressed', String(bookmarks.includes(section.id)));
  }
}
