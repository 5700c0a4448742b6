import { embeddedType, innerType, itemType, type Message, type Reference } from '../reference/model.ts';
import type { Kind } from '../reference/model.ts';
import { findField } from '../reference/lookup.ts';
import type { Path } from '../yaml/path.ts';

/** How deep below the place of an unknown field its name is looked for. */
const DEPTH = 5;

/**
 * The path that an unknown field was probably meant to have: a field beside it that is spelt nearly so, or one of its
 * name further up or further down.
 * @param path the unknown field's, from the resource's root
 * @param written whether something stands at a path of the document: where several places fit, that one is meant
 */
export function intendedPath(reference: Reference, kind: Kind, path: Path, written: (path: Path) => boolean): Path | undefined {
  const name = String(path.at(-1));
  const parent = path.slice(0, -1);
  const beside = fieldsAt(reference, kind, parent);
  const near = nearest(name, beside);
  const exactAbove = above(reference, kind, parent, (candidate) => candidate === name);
  const exactBelow = below(reference, kind, parent, name, written);
  if (near !== undefined && (near.distance < 0.5 || (!exactAbove && !exactBelow))) return [...parent, near.name];
  const distanceUp = exactAbove === undefined ? Infinity : parent.length - exactAbove.length + 1;
  const distanceDown = exactBelow === undefined ? Infinity : exactBelow.length - parent.length;
  if (exactBelow && (distanceDown <= distanceUp || written(exactBelow.slice(0, -1)))) return exactBelow;
  if (exactAbove) return exactAbove;
  return near && [...parent, near.name];
}

function fieldsAt(reference: Reference, kind: Kind, path: Path): readonly string[] {
  const { type, known } = findField(reference, kind, path);
  return known ? Object.keys(messageOf(reference, type)?.fields ?? {}) : [];
}

function messageOf(reference: Reference, type: string): Message | undefined {
  return reference.messages[embeddedType(type) ?? type];
}

/** The name that is spelt most like another; 0 where only case, `_` and `-` differ. */
function nearest(name: string, candidates: readonly string[]): { name: string; distance: number } | undefined {
  const plain = (text: string) => text.replace(/[-_]/g, '').toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = plain(candidate) === plain(name) ? 0 : editDistance(plain(name), plain(candidate));
    const most = name.length <= 4 ? 1 : name.length <= 8 ? 2 : 3;
    if (distance <= most && distance < (best?.distance ?? Infinity)) best = { name: candidate, distance };
  }
  return best;
}

/** Letters added, left out, changed or swapped with their neighbour. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return 4;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The nearest message above that has such a field. */
function above(reference: Reference, kind: Kind, parent: Path, fits: (name: string) => boolean): Path | undefined {
  for (let length = parent.length - 1; length >= 0; length--) {
    const place = parent.slice(0, length);
    const name = fieldsAt(reference, kind, place).find(fits);
    if (name !== undefined) return [...place, name];
  }
  return undefined;
}

/** The nearest field of a name below a place, through lists by their first item; places that are written come first. */
function below(reference: Reference, kind: Kind, parent: Path, name: string, written: (path: Path) => boolean): Path | undefined {
  let level: Path[] = [parent];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const next: Path[] = [];
    const found: Path[] = [];
    for (const place of level) {
      const { type } = findField(reference, kind, place);
      for (const [field, { type: fieldType, deprecated }] of Object.entries(messageOf(reference, type)?.fields ?? {})) {
        if (depth > 0 && field === name && deprecated === undefined) found.push([...place, field]);
        const inner = innerType(fieldType);
        if (reference.messages[inner] && itemType(fieldType)?.container !== 'map') next.push([...place, field, ...(itemType(fieldType)?.container === 'list' ? [0] : [])]);
      }
    }
    const best = found.find((path) => written(path.slice(0, -1))) ?? found[0];
    if (best) return best;
    level = next;
  }
  return undefined;
}
