import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compile } from '../../src/build/compile.ts';
import { Highlight } from '../../src/build/highlight.ts';
import { formatProblem } from '../../src/build/problems.ts';

let highlight: Highlight;
before(async () => {
  highlight = await Highlight.create();
});

const FRONT = `---
title: T
summary: S
keywords: [k]
verified: "1.31"
sources: [https://example.com/]
---
`;

const KIND = `kind: Thing
group: example.istio.io
versions: [{name: v1, served: true, storage: true}]
section: one
doc: {en: A thing., zh-cn: 一件东西。}
spec: Thing
types:
  Thing:
    fields:
      mode:
        type: enum
        enum: {HIGH: {en: on, zh-cn: 开}, LOW: {en: off, zh-cn: 关}}
        doc: {en: The mode., zh-cn: 模式。}
      size:
        type: integer
        required: true
        maximum: 9
        doc: {en: The size., zh-cn: 大小。}
`;

const SNIPPET = `- id: thing
  prefix: istio-thing
  section: one
  task: some
  title: {en: A thing, zh-cn: 一件东西}
  body: |
    apiVersion: example.istio.io/v1
    kind: Thing
    spec:
      mode: \${1|HIGH,LOW|}
      size: \${2:3}
`;

const THING = `apiVersion: example.istio.io/v1\nkind: Thing\nspec: {mode: HIGH, size: 3}\n`;
const FENCE = '```';

/** A small book that is right, with some files changed. */
function content(changes: Readonly<Record<string, string | undefined>> = {}): Map<string, string> {
  const files: Record<string, string | undefined> = {
    'content/book.yaml': 'parts:\n- id: p\n  title: {en: Part, zh-cn: 篇}\n  chapters: [c]\n',
    'content/en/p/c.md': `${FRONT}\n## One {#one}\n\nText with a [link](#two).\n\n${FENCE}yaml\n${THING}${FENCE}\n\n## Two {#two}\n\nMore.\n`,
    'content/zh-cn/p/c.md': `${FRONT}\n## 一 {#one}\n\n文字和[链接](#two)，**注意：**后面。\n\n${FENCE}yaml\n${THING}${FENCE}\n\n## 二 {#two}\n\n更多。\n`,
    'content/reference/example.istio.io/Thing.yaml': KIND,
    'content/snippets/thing.yaml': SNIPPET,
    'content/tasks.yaml': '- {id: some, en: Something, zh-cn: 某事}\n',
    'content/glossary/p.yaml': '- id: thing\n  en: thing\n  zh-cn: 东西\n  doc: {en: A thing., zh-cn: 东西。}\n  section: one\n',
    ...changes,
  };
  return new Map(Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const problems = (changes?: Readonly<Record<string, string | undefined>>) => compile(content(changes), highlight).problems.map(formatProblem);

test('a book that is right compiles without a problem', () => {
  const compiled = compile(content(), highlight);
  assert.deepEqual(compiled.problems.map(formatProblem), []);
  const english = compiled.editions.en;
  assert.deepEqual(english.chapters[0]!.sections.map(({ id, title }) => [id, title]), [['one', 'One'], ['two', 'Two']]);
  assert.match(compiled.editions['zh-cn'].chapters[0]!.sections[0]!.html, /<strong>注意：<\/strong>后面/);
  assert.equal(english.reference.messages['example.istio.io/Thing#Thing']!.fields['size']!.doc, 'The size.');
  assert.equal(compiled.editions['zh-cn'].snippets[0]!.title, '一件东西');
  assert.doesNotMatch(english.chapters[0]!.sections[0]!.html, /style=|onclick/);
});

const en = (body: string) => ({ 'content/en/p/c.md': `${FRONT}\n${body}` });
const both = (body: string) => ({ 'content/en/p/c.md': `${FRONT}\n${body}`, 'content/zh-cn/p/c.md': `${FRONT}\n${body}` });
const section = (text: string) => both(`## One {#one}\n\n${text}\n\n## Two {#two}\n\nx\n`);
const code = (info: string, text: string) => section(`${FENCE}${info}\n${text}${FENCE}`);

/** Each mistake, with the file, line and message that name it. */
const MISTAKES: readonly (readonly [name: string, changes: Readonly<Record<string, string | undefined>>, expected: RegExp])[] = [
  ['a missing chapter', { 'content/zh-cn/p/c.md': undefined }, /^content\/book\.yaml:\d+: the chapter c has no file content\/zh-cn\/p\/c\.md/],
  ['a section in one language', en('## One {#one}\n\nx\n'), /^content\/zh-cn\/p\/c\.md:19: the section two is missing in content\/en/],
  ['a duplicate id', both('## One {#one}\n\n## Two {#two}\n\n## Three {#one}\n'), /c\.md:13: the id one is also in/],
  ['a heading without an id', section('## Three'), /c\.md:11: a section heading needs an id/],
  ['a dead link', section('[x](#nowhere)'), /c\.md:11: a dead link: #nowhere/],
  ['another scheme', section('[x](http://example.com)'), /c\.md:11: a dead link: http:/],
  ['a command link', section('[x](command:foo)'), /c\.md:11: a dead link: command:foo/],
  ['raw HTML', section('a <b>c</b>'), /c\.md:11: raw HTML: <b>/],
  ['a literal **', section('a ** b'), /c\.md:11: a literal "\*\*"/],
  ['a bar in the code of a table', section('| a | b |\n|---|---|\n| c | `d|e` |'), /c\.md:\d+: a literal "`"/],
  ['a break between Han characters', section('中文\n断行'), /c\.md:\d+: a line break between two Chinese characters/],
  ['a missing figure', section('![x](figure:nothing)'), /c\.md:11: there is no figure nothing/],
  ['a code block without a language', code('', 'x\n'), /c\.md:11: a code block needs a language/],
  ['a word behind a fence', code('yaml right', THING), /c\.md:11: unknown word "right"/],
  ['an unknown field', code('yaml', `${THING.replace('mode', 'mood')}`), /c\.md:14: IST0106 spec\.mood: There is no field/],
  ['an unknown value', code('yaml', THING.replace('HIGH', 'MAYBE')), /c\.md:14: IST0106 spec\.mode: `MAYBE` is none of HIGH, LOW/],
  ['a missing field', code('yaml', THING.replace(', size: 3', '')), /c\.md:14: IST0106 spec: `size` is required/],
  ['a wrong type', code('yaml', THING.replace('3', '"3"')), /c\.md:14: IST0106 spec\.size: `3` is no whole number/],
  ['a bound', code('yaml', THING.replace('3', '10')), /c\.md:14: IST0106 spec\.size: `10` must be at most 9/],
  ['broken YAML', code('yaml', 'a: [\n'), /c\.md:1[1-3]: /],
  ['a fragment nowhere', code('yaml fragment=example.istio.io/Thing.spec.nowhere', 'a: 1\n'), /c\.md:12: there is no field at/],
  ['a wrong example without its finding', code('yaml wrong=IST0106', THING), /c\.md:12: the findings are none, not IST0106/],
  ['a wrong fragment', code('yaml fragment=example.istio.io/Thing.spec', 'mood: HIGH\n'), /c\.md:12: there is no field mood/],
  ['different code', en(`## One {#one}\n\n${FENCE}yaml\n${THING.replace('3', '4')}${FENCE}\n\n## Two {#two}\n\nx\n`), /^content\/zh-cn\/p\/c\.md:13: the code differs/],
  ['a missing table', en(`## One {#one}\n\n|a|b|\n|-|-|\n|1|2|\n\n${FENCE}yaml\n${THING}${FENCE}\n\n## Two {#two}\n\nx\n`), /^content\/zh-cn\/p\/c\.md:9: tables differ/],
  ['no sources', { 'content/en/p/c.md': content().get('content/en/p/c.md')!.replace(/sources.*\n/, '') }, /content\/en\/p\/c\.md:\d+: sources are https addresses/],
  ['an unknown section in a snippet', { 'content/snippets/thing.yaml': SNIPPET.replace('section: one', 'section: none') }, /thing\.yaml:3: there is no section none/],
  ['a snippet that is not valid', { 'content/snippets/thing.yaml': SNIPPET.replace('mode:', 'mood:') }, /thing\.yaml:\d+: thing: IST0106 spec\.mood: There is no field/],
  ['a snippet for no task', { 'content/snippets/thing.yaml': SNIPPET.replace('task: some', 'task: none') }, /thing\.yaml:4: there is no task none/],
  ['a duplicate snippet', { 'content/snippets/thing.yaml': SNIPPET + SNIPPET }, /thing\.yaml:\d+: the id thing is there twice/],
  ['a field without Chinese', { 'content/reference/example.istio.io/Thing.yaml': KIND.replace(', zh-cn: 模式。', '') }, /Thing\.yaml:13: doc has no text in zh-cn/],
  ['an enum value without text', { 'content/reference/example.istio.io/Thing.yaml': KIND.replace('{en: on, zh-cn: 开}', '{en: on}') }, /Thing\.yaml:12: HIGH has no text in zh-cn/],
  ['an unknown type', { 'content/reference/example.istio.io/Thing.yaml': KIND.replace('type: integer', 'type: Integer') }, /Thing\.yaml:15: there is no type Integer/],
  ['an unknown key', { 'content/reference/example.istio.io/Thing.yaml': KIND.replace('maximum', 'maximal') }, /Thing\.yaml:17: unknown key maximal/],
  ['a Chinese word that the glossary replaces', { 'content/glossary/p.yaml': content().get('content/glossary/p.yaml')!.replace('  section', '  avoid: [后面]\n  section') }, /^content\/zh-cn\/p\/c\.md:\d+: the glossary says 东西, not 后面/],
  ['such a word in a reference', { 'content/glossary/p.yaml': content().get('content/glossary/p.yaml')!.replace('  section', '  avoid: [模式]\n  section') }, /Thing\.yaml:\d+: the glossary says 东西, not 模式/],
  ['an unsafe figure', { 'content/figures/x.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>' }, /x\.svg:1: /],
  ['a figure that was not drawn', { 'content/figures/x.en.mmd': '%% X\nflowchart LR\na-->b\n' }, /x\.en\.mmd:1: the figure is not drawn/],
];

for (const [name, changes, expected] of MISTAKES) {
  test(`the build refuses ${name}`, () => {
    const found = problems(changes);
    assert.ok(found.some((problem) => expected.test(problem)), `${expected}\n${found.join('\n')}`);
  });
}
