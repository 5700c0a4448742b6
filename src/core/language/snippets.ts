import { completePath, findField } from '../reference/lookup.ts';
import type { Kind, Reference } from '../reference/model.ts';
import { parsePath } from '../yaml/path.ts';

const CHOICE = /\$\{\d+\|((?:[^|\\]|\\.)*)\|\}/g;
const DEFAULT = /\$\{\d+:((?:[^{}\\$]|\\.)*)\}/g;
const STOP = /\$\{\d+\}|\$\d+/g;

/** The text that a snippet becomes when every tab stop keeps its default; the first choice counts. */
export function expandSnippet(body: string): string {
  let text = body.replace(CHOICE, (_, choices: string) => choices.split(/(?<!\\),/)[0]!);
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(DEFAULT, '$1');
  }
  return text.replace(/\\\$/g, '\u0000').replace(STOP, '').replaceAll('\u0000', '$').replace(/\\([}\\,|])/g, '$1');
}

/** Where a fragment belongs, as `networking.istio.io/VirtualService.spec.http[]`: kind and type there; a message where there is no such place. */
export function fragmentTarget(reference: Reference, place: string): { kind: Kind; type: string } | string {
  const match = /^([^/]*)\/([A-Za-z]+)\.?(.*)$/.exec(place);
  const kind = match && reference.kinds.find((candidate) => candidate.group === match[1] && candidate.kind === match[2]);
  if (!match || !kind) return `there is no kind at ${place}`;
  const path = parsePath(match[3]!);
  if (!path) return `${place} is no path`;
  const { known, type } = findField(reference, kind, completePath(reference, kind, path));
  return known ? { kind, type } : `there is no field at ${place}`;
}
