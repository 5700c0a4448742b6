/** What a YAML block of the book says of itself. */
export type FenceKind = 'whole' | 'fragment' | 'wrong' | 'other';

export interface Fence {
  readonly language: string;
  readonly kind: FenceKind;
  /** Where a fragment belongs: `networking.istio.io/VirtualService.spec.http[0]`. */
  readonly place?: string;
  /** The findings that a wrong block has. */
  readonly codes: readonly string[];
  /** The name under which blocks of a chapter are checked together. */
  readonly group?: string;
}

/**
 * Reads the info string of a fenced block.
 * @returns a message instead, where it makes no sense
 */
export function parseFence(info: string): Fence | string {
  const [language = '', ...words] = info.trim().split(/\s+/).filter(Boolean);
  if (language === '') return 'a code block needs a language';
  let fence: Fence = { language, kind: language === 'yaml' ? 'whole' : 'other', codes: [] };
  for (const word of words) {
    const [key, value = ''] = word.split(/=(.*)/s);
    if (language !== 'yaml') return `only YAML blocks take "${word}"`;
    if (key === 'other' && value === '') fence = { ...fence, kind: 'other' };
    else if (key === 'fragment' && value !== '') fence = { ...fence, kind: 'fragment', place: value };
    else if (key === 'wrong' && value !== '') fence = { ...fence, kind: 'wrong', codes: value.split(',') };
    else if (key === 'with' && value !== '') fence = { ...fence, group: value };
    else return `unknown word "${word}" behind the fence`;
  }
  return fence;
}
