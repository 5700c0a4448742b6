import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import type { Problems } from './problems.ts';

/** The content as it lies on disk: paths relative to the project, with their texts. */
export type Sources = ReadonlyMap<string, string>;

/** A YAML file of the content, whose values know their lines. */
export class YamlSource {
  private readonly lines = new LineCounter();
  private readonly document;
  readonly value: unknown;

  constructor(
    readonly file: string,
    text: string,
    private readonly problems: Problems,
    private readonly firstLine = 1,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: true });
    for (const error of this.document.errors) {
      problems.add(file, firstLine - 1 + this.lines.linePos(error.pos[0]).line, error.message);
    }
    this.value = this.document.errors.length === 0 ? (this.document.toJS() as unknown) : undefined;
  }

  /** The line of the value at a path, or of the nearest one above. */
  line(path: readonly (string | number)[]): number {
    for (let length = path.length; length >= 0; length--) {
      const node = this.document.getIn(path.slice(0, length), true) as Node | undefined;
      const start = keyRange(this.document.contents, path.slice(0, length)) ?? node?.range?.[0];
      if (start !== undefined) return this.firstLine - 1 + this.lines.linePos(start).line;
    }
    return this.firstLine;
  }

  problem(path: readonly (string | number)[], message: string): void {
    this.problems.add(this.file, this.line(path), message);
  }
}

function keyRange(contents: unknown, path: readonly (string | number)[]): number | undefined {
  let node: unknown = contents;
  let found: number | undefined;
  for (const segment of path) {
    found = undefined;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === segment);
      found = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
    } else return undefined;
  }
  return found;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
