import type { Preferences } from '../core/reader/messages.ts';

/** Sets the page in the reader's own type, measure and code colours; what the reader leaves open is the style sheet's. */
export function applyPreferences({ fontFamily, fontSize, lineHeight, lineWidth, colors }: Preferences): void {
  const { style } = document.documentElement;
  const set = (name: string, value: string) => (value === '' ? style.removeProperty(name) : style.setProperty(name, value));
  set('--reader-font', fontFamily);
  set('--reader-size', fontSize > 0 ? `${fontSize}px` : '');
  set('--reader-line', lineHeight > 0 ? String(lineHeight) : '');
  // A character of Latin text is about half as wide as the type is high, a Chinese one as wide: 2 to 1, as terminals count.
  set('--measure', lineWidth > 0 ? `${lineWidth * 0.5}em` : '');
  for (const name of ['keyword', 'string', 'constant', 'comment', 'function', 'parameter', 'key', 'value'] as const) {
    // On the body, where the style sheet sets them for each kind of theme.
    const color = colors[name];
    if (color === undefined) document.body.style.removeProperty(`--tok-${name}`);
    else document.body.style.setProperty(`--tok-${name}`, color);
  }
}
