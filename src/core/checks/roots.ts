import { Value } from './rules/value.ts';
import { parseText } from '../yaml/parse.ts';

/** Which files belong together. Files and folders are names with `/`: paths, or URIs as the editor writes them. */

/** What a person decides of it. */
export interface RootOptions {
  /** The folders of the workspace; what lies in none of them belongs to the first. */
  readonly folders?: readonly string[];
  /** Patterns of further roots, relative to a folder of the workspace: `clusters/*`. */
  readonly patterns?: readonly string[];
}

/** The files that a kustomization takes in, and those that change what it takes in; relative to it, as written. */
export interface Kustomization {
  readonly includes: readonly string[];
  readonly patches: readonly string[];
}

/** A file of the workspace, as far as it decides what belongs together. */
export type Marker = Kustomization | 'chart';

/** What the markers of a workspace say of its files. */
export interface Belonging {
  /** The roots that a file is under: several where several include it, and never none. */
  rootsOf(file: string): readonly string[];
  /** Whether a kustomization uses a file as a patch. */
  isPatch(file: string): boolean;
}

/** What a file says of the roots; undefined for most. */
export function markerOf(file: string, text: string): Marker | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (name === 'Chart.yaml') return 'chart';
  return /^(?:kustomization\.ya?ml|Kustomization)$/.test(name) ? readKustomization(text) : undefined;
}

function readKustomization(text: string): Kustomization {
  const document = parseText(text);
  const root = new Value(document.value(document.root, undefined), [], () => undefined);
  const paths = (key: string) => root.list(key).flatMap((entry) => entry.get('path').text ?? []);
  return {
    includes: ['resources', 'bases', 'components'].flatMap((key) => root.texts(key)),
    // A patch may also be written out in place of its file.
    patches: [...root.texts('patchesStrategicMerge').filter((entry) => !entry.includes('\n')), ...paths('patches'), ...paths('patchesJson6902')],
  };
}

/**
 * Reads what belongs together: the root of a file is the nearest folder above it that has a chart, that a pattern
 * names, or that has a kustomization which no other includes; what is included belongs to whoever includes it. Else it
 * is the folder of the workspace.
 * @param markers by the names of their files
 */
export function belongingOf(markers: ReadonlyMap<string, Marker>, { folders = [], patterns = [] }: RootOptions = {}): Belonging {
  const kustomized = new Map<string, Kustomization>();
  const chosen = new Set<string>();
  const patches = new Set<string>();
  for (const [file, marker] of markers) {
    if (marker === 'chart') chosen.add(folderOf(file));
    else kustomized.set(folderOf(file), marker);
  }
  const includers = new Map<string, Set<string>>();
  for (const [folder, { includes, patches: changed }] of kustomized) {
    for (const target of includes.flatMap((entry) => resolve(folder, entry) ?? [])) if (target !== folder) includers.set(target, (includers.get(target) ?? new Set()).add(folder));
    for (const target of changed.flatMap((entry) => resolve(folder, entry) ?? [])) patches.add(target);
  }
  const named = patterns.filter((pattern) => pattern.trim() !== '').map(patternTest);
  const isNamed = (folder: string) => named.length > 0 && (folders.length === 0 ? [''] : folders).some((top) => isBelow(folder, top) && named.some((test) => test.test(folder.slice(top.length).replace(/^\//, ''))));
  const isChosen = (folder: string) => chosen.has(folder) || isNamed(folder);

  /** The roots that take in a folder or file, through all that include it. */
  const topsOf = (start: string): string[] => {
    const seen = new Set<string>();
    const tops: string[] = [];
    for (const waiting = [start]; waiting.length > 0; ) {
      const place = waiting.pop()!;
      if (seen.has(place)) continue;
      seen.add(place);
      const above = includers.get(place);
      if (above && !isChosen(place)) waiting.push(...above);
      else if (kustomized.has(place) || isChosen(place)) tops.push(place);
    }
    return tops.sort();
  };
  const outermost = (file: string) => folders.find((folder) => isBelow(file, folder)) ?? folders[0] ?? '';
  const nearest = (file: string): readonly string[] => {
    const top = outermost(file);
    for (let folder = folderOf(file); ; folder = folderOf(folder)) {
      if (isChosen(folder)) return [folder];
      const tops = kustomized.has(folder) ? topsOf(folder) : [];
      if (tops.length > 0) return tops;
      if (folder === top || folder === '' || folder === folderOf(folder)) return [top];
    }
  };
  const known = new Map<string, readonly string[]>();
  return {
    rootsOf(file) {
      const folder = folderOf(file);
      const own = known.get(folder) ?? nearest(file);
      known.set(folder, own);
      const direct = includers.has(file) ? topsOf(file) : [];
      return direct.length === 0 ? own : [...new Set([...direct, ...own.filter((root) => root !== outermost(file))])];
    },
    isPatch: (file) => patches.has(file),
  };
}

function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash <= 0 ? '' : file.slice(0, slash);
}

function isBelow(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`);
}

/** A relative name from a folder; undefined where it leads out of it all, or to another machine. */
function resolve(folder: string, entry: string): string | undefined {
  if (/^[\w+.-]+:|^\/|\?/.test(entry)) return undefined;
  const uri = /^[a-z][\w+.-]*:/.test(folder);
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of entry.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(uri ? encodeURIComponent(part) : part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (folder.startsWith('..') || folder === '') parts.push('..');
    else return undefined;
  }
  return parts.join('/');
}

/** A pattern with `*` within a name and `**` over folders. */
function patternTest(pattern: string): RegExp {
  const parts = pattern.trim().replace(/^\.?\//, '').replace(/\/+$/, '').split('/');
  return new RegExp(`^${parts.map((part) => (part === '**' ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '[^/]*'))).join('/')}$`);
}
