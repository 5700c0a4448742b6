import * as vscode from 'vscode';
import type { Library } from './library.ts';
import { TOOLS } from './names.ts';
import { sectionLink } from './uri.ts';

/** How many hits a model gets, and how many fields of one name. */
const MOST_HITS = 8;
const MOST_FIELDS = 6;

/** Gives language models the book: search it, read a section, explain a field. Each answer names the sections it is from. */
export function registerTools(library: Library): vscode.Disposable {
  const table: Readonly<Record<string, (library: Library, input: Readonly<Record<string, unknown>>) => Promise<string>>> = {
    [TOOLS.search]: searchHandbook,
    [TOOLS.read]: readSection,
    [TOOLS.explain]: explainField,
  };
  return vscode.Disposable.from(...Object.entries(table).map(([name, answer]) => vscode.lm.registerTool<Record<string, unknown>>(name, {
    async invoke({ input }) {
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(await answer(library, input ?? {}))]);
    },
  })));
}

function textOf(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value.trim().slice(0, 200) : '';
}

async function searchHandbook(library: Library, input: Readonly<Record<string, unknown>>): Promise<string> {
  const query = textOf(input, 'query');
  const hits = (await library.search()).find(query, MOST_HITS);
  if (hits.length === 0) return `Nothing in the Istio Handbook matches "${query}".`;
  const lines = hits.map(({ section, title, excerpt }) => `- ${title} (section id: ${section}, ${sectionLink(section).toString()}): ${excerpt}`);
  return `Sections of the Istio Handbook, the best first. Read one by its id before you answer from it, and cite it by its link.\n${lines.join('\n')}`;
}

async function readSection(library: Library, input: Readonly<Record<string, unknown>>): Promise<string> {
  const id = textOf(input, 'section');
  const place = (await library.contents()).find(id);
  if (!place) return `The Istio Handbook has no section "${id}". Search for it first.`;
  const { chapter, section } = place;
  const text = (await library.chapterText(chapter.id)).sections.find((each) => each.id === section.id);
  return `# ${section.title}\n${chapter.title}, checked against Istio ${chapter.verified}. Cite as ${sectionLink(section.id).toString()}\n\n${text?.markdown ?? ''}`;
}

async function explainField(library: Library, input: Readonly<Record<string, unknown>>): Promise<string> {
  const path = textOf(input, 'field');
  const [{ explain, explanationRecord }, context] = await Promise.all([import('./later.ts'), library.context()]);
  const found = explain(context, path).slice(0, MOST_FIELDS);
  if (found.length === 0) return `The reference has no field "${path}". Write it as Kind.path, such as VirtualService.spec.http.retries.attempts.`;
  return found.map((explanation) => {
    const { field } = explanation.place;
    const record = explanationRecord(explanation);
    return JSON.stringify({ ...record, mind: field?.mind, deprecated: field?.deprecated, enumValues: field?.enum, example: field?.example, cite: sectionLink(record.section).toString() });
  }).join('\n');
}
