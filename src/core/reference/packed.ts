import type { Kind, Message, Reference } from './model.ts';

/**
 * The reference as the build stores it: the kinds as JSON in the first line, then a line for each message, its name and
 * its JSON with a tab between. A hover needs few of the 500 messages, and only those are ever parsed.
 */
export function packReference({ kinds, messages }: Reference): string {
  return [JSON.stringify(kinds), ...Object.entries(messages).map(([name, message]) => `${name}\t${JSON.stringify(message)}`)].join('\n');
}

/**
 * Opens what `packReference` wrote. A message is parsed when it is first asked for, and stays.
 * @throws SyntaxError for any other text
 */
export function openReference(text: string): Reference {
  const [first, ...lines] = text.split('\n');
  const kinds = JSON.parse(first!) as Kind[];
  const messages = {} as Record<string, Message>;
  for (const line of lines) {
    const tab = line.indexOf('\t');
    if (tab < 0) throw new SyntaxError('a message without a name');
    const name = line.slice(0, tab);
    Object.defineProperty(messages, name, {
      configurable: true,
      enumerable: true,
      get() {
        const message = JSON.parse(line.slice(tab + 1)) as Message;
        Object.defineProperty(messages, name, { value: message, enumerable: true });
        return message;
      },
    });
  }
  return { kinds, messages };
}
