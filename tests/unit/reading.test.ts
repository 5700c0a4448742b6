import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyIndex } from '../../src/build/bodyIndex.ts';
import { Bodies } from '../../src/core/book/bodies.ts';
import type { Term } from '../../src/core/book/model.ts';
import { Search } from '../../src/core/book/search.ts';
import { singular, wordsOf } from '../../src/core/book/words.ts';
import { fieldNames } from '../../src/core/language/fieldNames.ts';
import { bookmarks, EMPTY_MEMORY, mergeMemories, moveBookmarks, noteLast, noteRead, progressOf, readMemory, recentlyRead, resetMemory, shareOf, toggleBookmark, type Memory } from '../../src/core/reader/memory.ts';
import { printPage } from '../../src/core/reader/export.ts';
import { tokenColors } from '../../src/core/reader/tokenColors.ts';
import { openReference, packReference } from '../../src/core/reference/packed.ts';
import { built, contentsIn, referenceIn } from '../support/content.ts';

/** What was read, search and print, as data. */

const read = (...entries: readonly (readonly [section: string, part: number, at: number])[]): Memory => entries.reduce((memory, [section, part, at]) => noteRead(memory, section, part, at), EMPTY_MEMORY);

test('progress only grows, and one that was all but read is read', () => {
  const memory = read(['a', 0.5, 1], ['a', 0.2, 100_000], ['b', 0.95, 2]);
  assert.equal(shareOf(memory, 'a'), 0.5);
  assert.equal(shareOf(memory, 'b'), 1);
  assert.equal(progressOf(memory, [{ id: 'a', minutes: 1 }, { id: 'b', minutes: 3 }]), 3.5 / 4);
  assert.deepEqual(recentlyRead(memory, 2), ['a', 'b']);
});

test('two machines merge entry by entry, in either order, and a reset forgets on both', () => {
  const one = noteLast(toggleBookmark(read(['a', 0.9, 10], ['b', 0.1, 20]), 'a', 15), 'b', 0.1, 20);
  const two = noteLast(toggleBookmark(toggleBookmark(read(['a', 0.3, 30]), 'a', 12), 'a', 40), 'a', 0.3, 30);
  const merged = mergeMemories(one, two);
  assert.deepEqual(mergeMemories(two, one), merged);
  assert.deepEqual(merged.read, { a: { part: 0.9, at: 30 }, b: { part: 0.1, at: 20 } });
  assert.deepEqual(bookmarks(merged), [], 'the later change, a removal, counts');
  assert.equal(merged.last?.section, 'a');
  const reset = mergeMemories(merged, resetMemory(35));
  assert.deepEqual(reset.read, {});
  assert.equal(reset.last, undefined);
  assert.deepEqual(mergeMemories(noteRead(reset, 'c', 1, 50), merged).read, { c: { part: 1, at: 50 } }, 'what is older than the reset does not come back');
});

test('bookmarks keep the order that they are given', () => {
  let memory = ['a', 'b', 'c'].reduce((kept, section, at) => toggleBookmark(kept, section, at + 1), EMPTY_MEMORY);
  memory = moveBookmarks(memory, ['c'], 'a', 9);
  assert.deepEqual(bookmarks(memory), ['c', 'a', 'b']);
  assert.deepEqual(bookmarks(moveBookmarks(memory, ['c', 'nothing'], undefined, 10)), ['a', 'b', 'c']);
});

test('what is kept has a bound: the oldest are forgotten first', () => {
  const memory = Array.from({ length: 5_000 }, (_, at) => at).reduce((kept, at) => noteRead(kept, `section-${at}`, 1, at + 1), EMPTY_MEMORY);
  assert.ok(JSON.stringify(memory).length < 100_000);
  assert.equal(shareOf(memory, 'section-4999'), 1);
  assert.equal(shareOf(memory, 'section-0'), 0);
});

test('a stored record of any form is read', () => {
  for (const value of [undefined, null, 1, 'x', [], { read: 1, marks: [] }, { read: { a: { part: 2, at: 1 }, b: { part: Number.NaN, at: 1 }, c: null }, marks: { a: { order: 'x', at: 1 } }, last: { section: 1 }, reset: 'never' }]) assert.deepEqual(readMemory(value), EMPTY_MEMORY, JSON.stringify(value));
  const memory = toggleBookmark(read(['a', 1, 1]), 'a', 2);
  assert.deepEqual(readMemory(JSON.parse(JSON.stringify(memory))), memory);
});

test('text becomes words: Latin in the singular, Chinese in pairs', () => {
  assert.deepEqual([...wordsOf('Retries，异常检测v2')].map(({ word, start, end }) => `${word} ${start}-${end}`), ['retry 0-7', '异常 8-10', '常检 9-11', '检测 10-12', 'v2 12-14']);
  assert.deepEqual(['status', 'policies', 'classes', 'boxes', 'bus', 'gas', 'hosts'].map(singular), ['status', 'policy', 'class', 'box', 'bus', 'gas', 'host']);
});

const bodies = new Bodies(
  bodyIndex([
    { id: 'one', title: 'Ejection', text: 'A host that fails is ejected: outlier detection.' },
    { id: 'two', title: '异常检测', text: '连续失败的主机会被驱逐。' },
    { id: 'three', title: 'Other', text: 'Detection of protocols. Nothing of hosts.' },
  ]),
  [['outlier detection', '异常检测', '熔断']],
);

test('the text is found by its words, their beginnings, typos and synonyms', () => {
  const found = (query: string) => bodies.find(query, 10).map(({ section }) => section);
  assert.deepEqual(found('outlier detection').sort(), ['one', 'two']);
  assert.ok(found('熔断').includes('one') && found('熔断').includes('two'));
  assert.equal(found('protoc')[0], 'three');
  assert.equal(found('ejectd')[0], 'one');
  assert.deepEqual(found('zzz'), []);
  for (const query of ['', ' ', '(', '[a', '\\', '*'.repeat(500)]) assert.doesNotThrow(() => found(query), query);
  assert.match(bodies.find('detection', 1)[0]!.excerpt, /etection/);
});

test('search over the book finds sections in both languages, by typos too', () => {
  for (const language of ['en', 'zh-cn'] as const) {
    const contents = contentsIn(language);
    const search = new Search({ contents, others: [contentsIn(language === 'en' ? 'zh-cn' : 'en')], fields: fieldNames(referenceIn(language)), terms: built<Term[]>(language, 'glossary'), bodies: built(language, 'bodies') });
    const first = (query: string) => search.find(query, 5).map(({ section }) => section);
    for (const [query, section] of [['outlier detection', 'dr-outlier-detection'], ['异常检测', 'dr-outlier-detection'], ['outlier detecton', 'dr-outlier-detection'], ['consecutive5xxErrors', 'dr-outlier-detection'], ['PeerAuthentication', 'pa-mtls-modes'], ['auto mTLS', 'pa-auto-mtls'], ['EnvoyFilter', 'ef-when']] as const) {
      assert.ok(first(query).some((found) => found === section || found.startsWith(section.split('-')[0]!)), `${language} ${query}: ${first(query).join(', ')}`);
    }
    // Every title leads to its own section.
    const titles = [...contents.sections()].filter(({ section }) => section.title.length > 3);
    const missed = titles.filter(({ section }) => !search.find(section.title, 8).some((hit) => hit.section === section.id || hit.title === section.title));
    assert.deepEqual(missed.map(({ section }) => section.title), []);
  }
});

test('a theme gives colours by its own rules, and nothing that is no colour', () => {
  const colors = tokenColors([{ settings: { foreground: '#ffffff' } }, { scope: 'string', settings: { foreground: '#aa0000' } }, { scope: ['entity.name.tag', 'keyword.control'], settings: { foreground: '#00aa00' } }, { scope: 'comment', settings: { foreground: 'red;}' } }, { scope: 'meta string', settings: { foreground: '#000000' } }, null, 1, {}]);
  assert.deepEqual(colors, { keyword: '#00aa00', string: '#aa0000', key: '#00aa00', value: '#aa0000' });
});

test('a printed page needs nothing else, and nothing in it can run', () => {
  const page = printPage({
    language: 'en', title: '<Book>', style: 'a{}</style><script>1</script>', terms: [{ id: 't', term: 'term', other: '词', doc: 'a `b` <c>' }],
    chapters: [{ id: 'c', title: 'C', summary: 's', verified: '1.31', sources: ['https://a.b/?x="y"'], sections: [{ id: 'one', title: 'One', html: '<p><a href="#one">here</a> <a href="#elsewhere">there</a> <a class="term" href="#term:t">term</a></p>' }] }],
  });
  assert.match(page, /default-src 'none'/);
  assert.doesNotMatch(page, /<\/style><script>|src=|<Book>/);
  assert.match(page, /<a href="#one">here<\/a> there/);
  assert.match(page, /<dt id="term:t">/);
});

test('the stored reference says the same as the compiled one, and a damaged one is refused', () => {
  const reference = referenceIn('en');
  assert.deepEqual(openReference(new TextEncoder().encode(packReference(reference))), reference);
  assert.equal(Object.keys(reference.messages).length > 400, true);
  for (const text of ['', '[', '{}', 'kinds\n']) assert.throws(() => openReference(new TextEncoder().encode(text)), SyntaxError, text);
});
