/** A place in a YAML tree: keys of mappings and indices of sequences, from the document's root. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z0-9_-]+$/;

/** Writes a path as `spec.http[0].retries` or `metadata.labels["istio.io/rev"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (PLAIN_KEY.test(segment)) text += text === '' ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment)}]`;
  }
  return text;
}

const SEGMENT = /\.?([A-Za-z0-9_<-][A-Za-z0-9_<-]*)|\[(\d*)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * Reads what {@link formatPath} writes. `[]` is read as index 0.
 * @returns undefined where the text is no path
 */
export function parsePath(text: string): (string | number)[] | undefined {
  const path: (string | number)[] = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < text.length) {
    const match = SEGMENT.exec(text);
    if (!match) return undefined;
    if (match[1] !== undefined) path.push(match[1]);
    else if (match[2] !== undefined) path.push(match[2] === '' ? 0 : Number(match[2]));
    else {
      try {
        path.push(JSON.parse(`"${match[3]}"`) as string);
      } catch {
        return undefined;
      }
    }
  }
  return path;
}
