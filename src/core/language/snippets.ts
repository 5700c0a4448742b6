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
