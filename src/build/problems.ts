/** Something in the content that has to be mended before the book can be built. */
export interface Problem {
  /** The file, relative to the project. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Collects problems, so that one build reports all of them. */
export class Problems {
  readonly found: Problem[] = [];

  add(file: string, line: number, message: string): void {
    this.found.push({ file, line, message });
  }
}

/** A problem as `content/en/x.md:12: message`, which editors and terminals make clickable. */
export function formatProblem({ file, line, message }: Problem): string {
  return `${file}:${line}: ${message}`;
}
