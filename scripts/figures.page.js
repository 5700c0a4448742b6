/**
 * Runs in the page that draws the figures, beside Mermaid: measures what Mermaid drew. Hands back the `Drawing` of
 * src/build/figures.ts, which knows nothing of a page.
 */

const GEOMETRY = {
  rect: ['x', 'y', 'width', 'height', 'rx', 'ry'],
  circle: ['cx', 'cy', 'r'],
  ellipse: ['cx', 'cy', 'rx', 'ry'],
  line: ['x1', 'y1', 'x2', 'y2'],
  polygon: ['points'],
  path: ['d'],
};

/** Draws a source and measures it. */
async function drawFigure(source, config) {
  mermaid.initialize(config);
  await mermaid.parse(source);
  const { svg } = await mermaid.render('figure', source);
  document.body.innerHTML = svg;
  const root = document.querySelector('svg');
  if (root.querySelector('foreignObject')) throw new Error('the drawing holds HTML: write labels without markup');
  widenNotes(root);
  settleGroups(root);
  const elements = [...root.querySelectorAll('rect, circle, ellipse, line, polygon, path, text')].filter(isPainted);
  const shapes = elements.map((element) => shapeOf(root, element));
  // Lifelines are longer than the drawing: the rest of it tells where they end.
  const box = boxAround(root, elements.filter((element) => !element.classList.contains('actor-line')));
  return { box, shapes, relations: [...edgesOf(root), ...messagesOf(root)] };
}

/** A note over several participants is as wide as they stand apart, whatever it says. */
function widenNotes(root) {
  for (const note of root.querySelectorAll('rect.note')) {
    const texts = [...note.parentNode.querySelectorAll('.noteText')].map((text) => text.getBBox());
    const width = Math.max(...texts.map((box) => box.width)) + 16;
    const missing = width - note.getBBox().width;
    if (missing <= 0) continue;
    note.setAttribute('x', note.getBBox().x - missing / 2);
    note.setAttribute('width', width);
  }
}

/** From the upper edge of a group to what it holds: the room of its title. */
const TITLE_ROOM = 32;

/**
 * Moves titles of groups to the left, where lines seldom come in, and gives every title the same room: Mermaid lets some
 * touch the groups inside, and leaves others so much that the groups touch.
 */
function settleGroups(root) {
  const groups = [...root.querySelectorAll('g.cluster')].map((group) => ({ rect: group.querySelector('rect'), label: group.querySelector('.cluster-label') }));
  const others = [...root.querySelectorAll('g.node, path.flowchart-link')];
  // Small ones first, so that the outer ones see where the inner ones went.
  for (const { rect, label } of groups.sort((one, two) => one.rect.getBBox().width - two.rect.getBBox().width)) {
    const box = placeOf(root, rect);
    const inner = [...groups.map((group) => group.rect).filter((each) => each !== rect), ...others].map((each) => placeOf(root, each));
    const tops = inner.filter((each) => each.width < box.width && isInside(each, { ...box, y: box.y - 1, height: box.height + 2 })).map(({ y }) => y);
    const down = tops.length === 0 ? 0 : Math.min(...tops) - TITLE_ROOM - box.y;
    const { x, y, height } = rect.getBBox();
    rect.setAttribute('y', y + down);
    rect.setAttribute('height', height - down);
    const { f } = label.transform.baseVal.consolidate().matrix;
    label.setAttribute('transform', `translate(${x + 12 - label.getBBox().x}, ${f + down})`);
  }
}

/** The box of an element in the drawing. */
function placeOf(root, element) {
  const { x, y } = originOf(root, element);
  const box = element.getBBox();
  return { x: x + box.x, y: y + box.y, width: box.width, height: box.height };
}

function isInside(inner, outer) {
  return outer.x <= inner.x && outer.x + outer.width >= inner.x + inner.width && outer.y <= inner.y && outer.y + outer.height >= inner.y + inner.height;
}

const isSequenceNumber = (element) => /sequencenumber/.test(element.getAttribute('marker-start') ?? '');

function isPainted(element) {
  if (element.closest('defs, marker, symbol')) return false;
  if (isSequenceNumber(element)) return true;
  if (element.tagName === 'text') return element.textContent.trim() !== '';
  const { display, visibility, fill, stroke } = getComputedStyle(element);
  const { width, height } = element.getBBox();
  if (display === 'none' || visibility === 'hidden' || (width < 1 && height < 1)) return false;
  return !element.classList.contains('edge-pattern-invisible') && (fill !== 'none' || stroke !== 'none');
}

function shapeOf(root, element) {
  if (isSequenceNumber(element)) return numberOf(root, element);
  const tag = element.tagName;
  const style = getComputedStyle(element);
  const dashes = style.strokeDasharray.match(/[\d.]+/g) ?? [];
  return {
    tag,
    classes: classesOf(root, element),
    geometry: Object.fromEntries((GEOMETRY[tag] ?? []).filter((name) => element.hasAttribute(name)).map((name) => [name, element.getAttribute(name)])),
    origin: originOf(root, element),
    strokeWidth: parseFloat(style.strokeWidth),
    dashed: dashes.some((length) => Number(length) > 0),
    heads: headsOf(root, element),
    lines: tag === 'text' ? linesOf(root, element) : [],
  };
}

/** The disc behind the number of a message: Mermaid makes it of a marker. */
function numberOf(root, line) {
  const geometry = { cx: line.getAttribute('x1'), cy: line.getAttribute('y1'), r: '8.5' };
  return { tag: 'circle', classes: ['sequencenumber'], geometry, origin: originOf(root, line), strokeWidth: 0, dashed: false, heads: [], lines: [] };
}

function classesOf(root, element) {
  const classes = [];
  for (let at = element; at !== root; at = at.parentNode) classes.push(...at.classList);
  return classes;
}

/** Where an element's 0,0 is; Mermaid moves and never turns. */
function originOf(root, element) {
  const { a, b, c, d, e, f } = root.getScreenCTM().inverse().multiply(element.getScreenCTM());
  if (Math.abs(a - 1) + Math.abs(b) + Math.abs(c) + Math.abs(d - 1) > 1e-6) throw new Error(`<${element.tagName}> is turned or scaled`);
  return { x: e, y: f };
}

function boxAround(root, elements) {
  const boxes = elements.map((element) => placeOf(root, element)).map(({ x, y, width, height }) => ({ left: x, top: y, right: x + width, bottom: y + height }));
  const x = Math.min(...boxes.map(({ left }) => left));
  const y = Math.min(...boxes.map(({ top }) => top));
  return { x, y, width: Math.max(...boxes.map(({ right }) => right)) - x, height: Math.max(...boxes.map(({ bottom }) => bottom)) - y };
}

function headsOf(root, element) {
  if (element.tagName !== 'line' && element.tagName !== 'path') return [];
  const total = element.getTotalLength();
  const { x, y } = originOf(root, element);
  const head = (name, at, before) => {
    const end = element.getPointAtLength(at);
    const from = element.getPointAtLength(before);
    return { name, x: x + end.x, y: y + end.y, angle: Math.atan2(end.y - from.y, end.x - from.x) };
  };
  const nameOf = (attribute) => /url\(["']?#(.*?)["']?\)/.exec(element.getAttribute(attribute) ?? '')?.[1];
  const start = nameOf('marker-start');
  const end = nameOf('marker-end');
  const step = Math.min(3, total / 2);
  return [...(start ? [head(start, 0, step)] : []), ...(end ? [head(end, total, total - step)] : [])];
}

/** How far a baseline stands above the letters' own, in parts of their size. */
const RAISED_BASELINES = { central: 0.35, middle: 0.27 };

/** The lines of a text: each row of a label, or the text itself. */
function linesOf(root, text) {
  const rows = [...text.querySelectorAll('tspan.row')];
  const spans = rows.length > 0 ? rows : text.querySelector('tspan') ? [...text.querySelectorAll('tspan')] : [text];
  const { x, y } = originOf(root, text);
  return spans.filter((span) => span.textContent.trim() !== '').map((span) => {
    const last = span.getNumberOfChars() - 1;
    const from = span.getStartPositionOfChar(0);
    const to = span.getEndPositionOfChar(last);
    const style = getComputedStyle(span.querySelector('tspan') ?? span);
    const raised = parseFloat(style.fontSize) * (RAISED_BASELINES[style.dominantBaseline] ?? 0);
    return {
      text: span.textContent.trim(),
      left: x + from.x,
      x: x + (from.x + to.x) / 2,
      y: y + from.y + raised,
      size: parseFloat(style.fontSize),
      bold: Number(style.fontWeight) >= 600,
    };
  });
}

/** The edges of a flowchart, in words. */
function edgesOf(root) {
  const nodes = new Map([...root.querySelectorAll('g.node, g.cluster')].map((node) => [node.id.replace(/^figure-(flowchart-)?/, '').replace(/-\d+$/, ''), wordsOf(node)]));
  return [...root.querySelectorAll('path.flowchart-link')].flatMap((edge) => {
    const id = edge.getAttribute('data-id');
    const from = [...nodes.keys()].find((node) => id.startsWith(`L_${node}_`) && nodes.has(id.slice(node.length + 3).replace(/_\d+$/, '')));
    if (from === undefined) return [];
    const to = id.slice(from.length + 3).replace(/_\d+$/, '');
    const label = wordsOf(root.querySelector(`g.edgeLabel [data-id="${CSS.escape(id)}"]`));
    return [`${nodes.get(from)} → ${nodes.get(to)}${label === '' ? '' : `: ${label}`}`];
  });
}

/** The messages of a sequence, in words. */
function messagesOf(root) {
  const actors = new Map([...root.querySelectorAll('.actor-top[name]')].map((actor) => [actor.getAttribute('name'), wordsOf(actor.parentNode)]));
  const messages = [];
  let words = [];
  for (const element of root.querySelectorAll('.messageText, [data-from][data-to]')) {
    if (element.classList.contains('messageText')) {
      words.push(element.textContent.trim());
      continue;
    }
    const name = (attribute) => actors.get(element.getAttribute(attribute)) ?? element.getAttribute(attribute);
    messages.push(`${name('data-from')} → ${name('data-to')}: ${words.join(' ')}`);
    words = [];
  }
  return messages;
}

function wordsOf(element) {
  const rows = [...(element?.querySelectorAll('tspan.row') ?? [])];
  return (rows.length > 0 ? rows.map((row) => row.textContent.trim()).join(' ') : (element?.textContent ?? '')).trim();
}
