/** What a reader did, as it is kept: how far each section was read, and the bookmarks. Entries have times, so that the records of two machines can be merged. */
export interface Memory {
  /** By section: how much of it was read, from 0 to 1, and when. */
  readonly read: Readonly<Record<string, { readonly part: number; readonly at: number }>>;
  /** By section: the bookmark's place among the others, and when it was set, moved or removed. */
  readonly marks: Readonly<Record<string, { readonly order: number; readonly at: number; readonly removed?: true }>>;
  /** The last place; times are milliseconds since 1970. */
  readonly last?: { readonly section: string; readonly offset: number; readonly at: number };
  /** Everything before this time was forgotten on purpose. */
  readonly reset?: number;
}

export const EMPTY_MEMORY: Memory = { read: {}, marks: {} };

/** How many sections and bookmarks are kept: what goes to other machines stays below about 100 KB. */
const MOST_READ = 1200;
const MOST_MARKS = 400;
/** A section counts as read from here on: its last lines are seen before its end is reached. */
export const DONE = 0.9;

/** Reads what was stored; whatever in it makes no sense is left out. */
export function readMemory(value: unknown): Memory {
  const stored = record(value);
  const read = Object.entries(record(stored['read'])).flatMap(([section, entry]) => {
    const { part, at } = record(entry);
    return isShare(part) && isTime(at) ? [[section, { part, at }] as const] : [];
  });
  const marks = Object.entries(record(stored['marks'])).flatMap(([section, entry]) => {
    const { order, at, removed } = record(entry);
    return typeof order === 'number' && Number.isFinite(order) && isTime(at) ? [[section, { order, at, ...(removed === true ? { removed: true as const } : {}) }] as const] : [];
  });
  const { section, offset, at } = record(stored['last']);
  return bounded({
    read: Object.fromEntries(read),
    marks: Object.fromEntries(marks),
    ...(typeof section === 'string' && isShare(offset) && isTime(at) ? { last: { section, offset, at } } : {}),
    ...(isTime(stored['reset']) ? { reset: stored['reset'] } : {}),
  });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Both records in one: of each entry the later, of progress the further, and nothing from before a reset. */
export function mergeMemories(a: Memory, b: Memory): Memory {
  const reset = Math.max(a.reset ?? 0, b.reset ?? 0);
  const read = mergeEntries(a.read, b.read, reset, (one, other) => ({ part: Math.max(one.part, other.part), at: Math.max(one.at, other.at) }));
  const marks = mergeEntries(a.marks, b.marks, reset, later);
  const last = [a.last, b.last].filter((place) => place !== undefined && place.at > reset).reduce((one, other) => (one && other ? later(one, other) : (one ?? other)), undefined);
  return bounded({ read, marks, ...(last ? { last } : {}), ...(reset > 0 ? { reset } : {}) });
}

function later<Entry extends { readonly at: number }>(one: Entry, other: Entry): Entry {
  return other.at > one.at ? other : one;
}

function mergeEntries<Entry extends { readonly at: number }>(
  a: Readonly<Record<string, Entry>>,
  b: Readonly<Record<string, Entry>>,
  reset: number,
  both: (one: Entry, other: Entry) => Entry,
): Record<string, Entry> {
  const merged = new Map(Object.entries(a));
  for (const [section, entry] of Object.entries(b)) merged.set(section, merged.has(section) ? both(merged.get(section)!, entry) : entry);
  return Object.fromEntries([...merged].filter(([, { at }]) => at > reset));
}

/** The newest entries: what is over the bound is forgotten, the oldest first. */
function bounded(memory: Memory): Memory {
  return { ...memory, read: newest(memory.read, MOST_READ), marks: newest(memory.marks, MOST_MARKS) };
}

function newest<Entry extends { readonly at: number }>(entries: Readonly<Record<string, Entry>>, most: number): Readonly<Record<string, Entry>> {
  const list = Object.entries(entries);
  return list.length <= most ? entries : Object.fromEntries(list.sort((a, b) => b[1].at - a[1].at).slice(0, most));
}

/** Notes how much of a section was in sight: less than before is nothing new. */
export function noteRead(memory: Memory, section: string, part: number, at: number): Memory {
  const before = memory.read[section];
  // The same again within a minute need not be stored again.
  if (before && before.part >= part && at - before.at < 60_000) return memory;
  return bounded({ ...memory, read: { ...memory.read, [section]: { part: Math.max(before?.part ?? 0, part), at } } });
}

/** Notes where the reader is, to come back to. */
export function noteLast(memory: Memory, section: string, offset: number, at: number): Memory {
  return { ...memory, last: { section, offset, at } };
}

/** The bookmarked sections in their order. */
export function bookmarks(memory: Memory): string[] {
  return Object.entries(memory.marks).filter(([, { removed }]) => !removed).sort((a, b) => a[1].order - b[1].order).map(([section]) => section);
}

export function isBookmarked(memory: Memory, section: string): boolean {
  const mark = memory.marks[section];
  return mark !== undefined && !mark.removed;
}

/** Sets or removes the bookmark of a section. */
export function toggleBookmark(memory: Memory, section: string, at: number): Memory {
  const set = !isBookmarked(memory, section);
  const order = set ? Math.max(0, ...Object.values(memory.marks).map((mark) => mark.order)) + 1 : memory.marks[section]!.order;
  return bounded({ ...memory, marks: { ...memory.marks, [section]: set ? { order, at } : { order, at, removed: true } } });
}

/** Moves bookmarks in front of another one, or to the end. */
export function moveBookmarks(memory: Memory, sections: readonly string[], before: string | undefined, at: number): Memory {
  const moved = sections.filter((section) => isBookmarked(memory, section));
  const rest = bookmarks(memory).filter((section) => !moved.includes(section));
  const index = before === undefined ? rest.length : Math.max(0, rest.indexOf(before));
  const order = [...rest.slice(0, index), ...moved, ...rest.slice(index)];
  const marks = Object.fromEntries(order.map((section, place) => [section, memory.marks[section]!.order === place + 1 ? memory.marks[section]! : { order: place + 1, at }]));
  return { ...memory, marks: { ...memory.marks, ...marks } };
}

/** The sections read last, the latest first. */
export function recentlyRead(memory: Memory, most: number): string[] {
  return Object.entries(memory.read).sort((a, b) => b[1].at - a[1].at).slice(0, most).map(([section]) => section);
}

/** How much of some sections was read, each weighed by its length. */
export function progressOf(memory: Memory, sections: readonly { readonly id: string; readonly minutes: number }[]): number {
  const minutes = sections.reduce((sum, section) => sum + section.minutes, 0);
  const read = sections.reduce((sum, section) => sum + section.minutes * shareOf(memory, section.id), 0);
  return minutes === 0 ? 0 : read / minutes;
}

/** How much of a section was read; one that was all but read counts as read. */
export function shareOf(memory: Memory, section: string): number {
  const part = memory.read[section]?.part ?? 0;
  return part >= DONE ? 1 : part;
}

/** Forgets everything, on every machine that this record is merged with. */
export function resetMemory(at: number): Memory {
  return { ...EMPTY_MEMORY, reset: at };
}
