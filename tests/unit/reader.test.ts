import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../src/core/reader/history.ts';
import { readMessage, readState } from '../../src/core/reader/messages.ts';
import { readerShell } from '../../src/core/reader/shell.ts';

test('the history goes back and forward as a browser does', () => {
  const history = new History(3);
  assert.deepEqual([history.canGoBack, history.canGoForward, history.back()], [false, false, undefined]);
  for (const place of ['a', 'b', 'b', 'c']) history.visit(place);
  assert.equal(history.back(), 'b');
  assert.equal(history.forward(), 'c');
  assert.equal(history.forward(), 'c');
  history.back();
  history.visit('d');
  assert.equal(history.canGoForward, false);
  history.visit('e');
  assert.deepEqual([history.back(), history.back(), history.back()], ['d', 'b', 'b']);
});

test('reading on moves the entry instead of adding one', () => {
  const history = new History();
  history.move('nowhere');
  history.visit('a');
  history.move('a2');
  history.visit('b');
  assert.equal(history.back(), 'a2');
});

test('only messages of the contract are taken from the page', () => {
  assert.deepEqual(readMessage({ type: 'open', section: 'x' }), { type: 'open', section: 'x' });
  const refused = [null, 'ready', {}, { type: 'constructor' }, { type: 'open' }, { type: 'open', section: 1 }, { type: 'go', to: 'away' }, { type: 'reading', section: 'a' }, { type: 'run', command: 'x' }];
  for (const value of refused) assert.equal(readMessage(value), undefined, JSON.stringify(value));
});

test('a kept state is read, anything else is not', () => {
  assert.deepEqual(readState({ section: 'a', offset: 0.3 }), { section: 'a', offset: 0.3 });
  assert.deepEqual(readState({ section: 'a', offset: 300 }), { section: 'a', offset: 0 });
  assert.deepEqual(readState({ section: 'a' }), { section: 'a', offset: 0 });
  for (const value of [undefined, null, 1, {}, { section: 2 }]) assert.equal(readState(value), undefined);
});

test('the shell allows nothing inline and nothing remote', () => {
  const page = readerShell({ cspSource: 'vscode-resource:', script: 's.js', style: 's.css', nonce: 'n', language: 'en', title: 't' });
  assert.match(page, /default-src 'none'/);
  assert.doesNotMatch(page, /unsafe|https?:|\*/);
  assert.doesNotMatch(page, /style=|<style|onclick/);
});
