type Child = Node | string;

/** Makes an element with attributes and children; text becomes text nodes. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Strokes of our icons on a 16 by 16 grid. */
const ICONS = {
  back: 'M9.5 3.5 5 8l4.5 4.5M5.5 8H13',
  forward: 'M6.5 3.5 11 8l-4.5 4.5M10.5 8H3',
  previous: 'M10 3 5 8l5 5',
  next: 'm6 3 5 5-5 5',
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0ZM10.2 10.2 14 14',
  language: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM2 8h12M8 2c2.2 2 2.2 10 0 12M8 2C5.8 4 5.8 12 8 14',
  copy: 'M5.5 5.5h7v8h-7zM10.5 5V2.5h-7v8H5',
  done: 'm3 8.5 3.5 3.5L13 4.5',
  insert: 'M8 2.5v7M5 7l3 3 3-3M3 13.5h10',
  openFile: 'M9 2.5H4v11h8v-8zM9 2.5v3h3',
  snippets: 'M5.5 3 2 8l3.5 5M10.5 3 14 8l-3.5 5M9 2.5l-2 11',
  contents: 'M3 4h10M5 8h8M5 12h8M3 8h.01M3 12h.01',
  close: 'm4 4 8 8M12 4l-8 8',
  bookmark: 'M4.5 2.5h7v11L8 10.5l-3.5 3z',
  copyLink: 'M6.5 9.5l3-3M7.5 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M8.5 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1',
  revealInContents: 'M2.5 3.5h4M2.5 8h4M2.5 12.5h4M9 8h4.5M11.5 5.8 13.7 8l-2.2 2.2',
  follow: 'M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2',
  enlarge: 'M9.5 2.5h4v4M13.5 2.5l-5 5M6.5 13.5h-4v-4M2.5 13.5l5-5',
  up: 'm3.5 10 4.5-4.5L12.5 10',
  down: 'm3.5 6 4.5 4.5L12.5 6',
} as const;

export type Icon = keyof typeof ICONS;

export function icon(name: Icon): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon, named for screen readers and on hovering. */
export function button(name: Icon, label: string, run: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', title: label, 'aria-label': label, 'data-action': name }, [icon(name)]);
  made.addEventListener('click', run);
  return made;
}
