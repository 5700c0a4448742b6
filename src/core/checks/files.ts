/** What the name of a file says about checking it. */

/** Templates of a Helm chart are no YAML yet. */
export function isChartTemplate(file: string): boolean {
  return /(?:^|\/)templates\//.test(file);
}

/** A patch completes a resource that stands elsewhere: nothing is missing in it. */
export function isPatch(file: string): boolean {
  return /(?:^|[/._-])patch(?:es)?(?:[/._-]|$)/.test(file);
}
