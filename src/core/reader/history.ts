/** The places a reader has been, as a browser keeps them: going somewhere forgets what lay ahead. */
export class History {
  private readonly entries: string[] = [];
  private index = -1;

  constructor(private readonly limit = 200) {}

  get current(): string | undefined {
    return this.entries[this.index];
  }

  get canGoBack(): boolean {
    return this.index > 0;
  }

  get canGoForward(): boolean {
    return this.index < this.entries.length - 1;
  }

  /** Goes to a place; the same place again is no step. */
  visit(place: string): void {
    if (place === this.current) return;
    this.entries.splice(this.index + 1, Infinity, place);
    if (this.entries.length > this.limit) this.entries.shift();
    this.index = this.entries.length - 1;
  }

  /** Notes where the reader has got to by reading on, so that coming back leads there. */
  move(place: string): void {
    if (this.index >= 0) this.entries[this.index] = place;
  }

  back(): string | undefined {
    if (this.canGoBack) this.index--;
    return this.current;
  }

  forward(): string | undefined {
    if (this.canGoForward) this.index++;
    return this.current;
  }
}
