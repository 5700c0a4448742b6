import type { Problems } from './problems.ts';
import { isRecord, YamlSource, type Sources } from './source.ts';

const FILE = 'content/planned.yaml';

/**
 * Reads the sections that the reference names before the book has them, each with the written section that stands in for
 * it. A row goes when its section is written.
 * @param written the ids of the sections that the book has
 */
export function readPlanned(sources: Sources, written: ReadonlySet<string>, problems: Problems): ReadonlyMap<string, string> {
  const standIns = new Map<string, string>();
  const text = sources.get(FILE);
  if (text === undefined) return standIns;
  const file = new YamlSource(FILE, text, problems);
  for (const [index, row] of (Array.isArray(file.value) ? (file.value as unknown[]) : []).entries()) {
    const until = isRecord(row) ? row['until'] : undefined;
    const sections = isRecord(row) && Array.isArray(row['sections']) ? (row['sections'] as unknown[]) : undefined;
    if (typeof until !== 'string' || !sections) {
      file.problem([index], 'a row has `until`, a written section, and `sections`, a list of planned ones');
      continue;
    }
    if (!written.has(until)) file.problem([index, 'until'], `there is no section ${until}`);
    for (const [at, id] of sections.entries()) {
      if (written.has(String(id))) file.problem([index, 'sections', at], `the section ${String(id)} is written: remove it here`);
      standIns.set(String(id), until);
    }
  }
  return standIns;
}
