import type { Problems } from './problems.ts';
import { isRecord, YamlSource, type Sources } from './source.ts';

const FILE = 'content/planned.yaml';

/** Sections that are named before they are written, each with the written section that stands in for it. */
export class Planned {
  private readonly standIns = new Map<string, string>();
  private readonly places = new Map<string, (string | number)[]>();
  private readonly file: YamlSource | undefined;

  constructor(sources: Sources, problems: Problems) {
    const text = sources.get(FILE);
    if (text === undefined) return;
    this.file = new YamlSource(FILE, text, problems);
    for (const [index, row] of (Array.isArray(this.file.value) ? (this.file.value as unknown[]) : []).entries()) {
      const until = isRecord(row) ? row['until'] : undefined;
      const sections = isRecord(row) && Array.isArray(row['sections']) ? (row['sections'] as unknown[]) : undefined;
      if (typeof until !== 'string' || !sections) {
        this.file.problem([index], 'a row has `until`, a written section, and `sections`, a list of planned ones');
        continue;
      }
      this.places.set(until, [index, 'until']);
      for (const [at, id] of sections.entries()) {
        this.standIns.set(String(id), until);
        this.places.set(String(id), [index, 'sections', at]);
      }
    }
  }

  /** The section that a field or snippet leads to today: the one it names, or what stands in for it. */
  standIn(id: string): string {
    return this.standIns.get(id) ?? id;
  }

  /** Whether a section stands in for others, whose fields lead to it meanwhile without being explained in it. */
  standsIn(id: string): boolean {
    return [...this.standIns.values()].includes(id);
  }

  /** A chapter's text with the links to planned sections as plain words: a link never leads somewhere else. */
  withoutLinks(text: string): string {
    return text.replace(/\[([^\]\n]+)\]\(#([\w-]+)\)/g, (link, words: string, id: string) => (this.standIns.has(id.split('--')[0]!) ? words : link));
  }

  /** A row goes when its section is written; what stands in has to be there. */
  check(written: ReadonlySet<string>): void {
    for (const [id, until] of this.standIns) {
      if (written.has(id)) this.file!.problem(this.places.get(id)!, `the section ${id} is written: remove it here`);
      if (!written.has(until)) this.file!.problem(this.places.get(until)!, `there is no section ${until}`);
    }
  }
}
