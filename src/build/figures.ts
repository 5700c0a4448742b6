import { createHash } from 'node:crypto';
import type { Language } from '../core/base/language.ts';

/**
 * Figures: what Chromium measured of a Mermaid drawing becomes a small SVG of our own words, which a page shows inline
 * under a policy without inline styles. Colours are classes that `media/figures.css` explains; nothing refers to
 * anything, inside or outside.
 */

/** Part of every hash: a new number has all figures drawn again. */
const DRAWING_VERSION = 1;

/** Units around the drawing. */
const MARGIN = 4;
const FONT_SIZE = 14;
const LINE_SPREAD = 1.15;

/** A drawing as Chromium laid it out, in paint order. */
export interface Drawing {
  readonly box: Box;
  readonly shapes: readonly Shape[];
  /** What leads to what, in words: `istiod → Proxy A: push over xDS`. */
  readonly relations: readonly string[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An element of a drawing that paints something. */
export interface Shape {
  readonly tag: string;
  /** Mermaid's classes of the element and of those around it, nearest first. */
  readonly classes: readonly string[];
  /** The element's geometry: `x`, `d`, `points` and so on, as written. */
  readonly geometry: Readonly<Record<string, string>>;
  /** Where the element's origin is in the drawing. */
  readonly origin: Point;
  readonly strokeWidth: number;
  readonly dashed: boolean;
  readonly heads: readonly Head[];
  readonly lines: readonly TextLine[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What stands at an end of a line: Mermaid's name of it, the end, and the direction in radians in which it points. */
export interface Head extends Point {
  readonly name: string;
  readonly angle: number;
}

/** A line of text; `x` is its middle and `y` its baseline. */
export interface TextLine extends Point {
  readonly left: number;
  readonly text: string;
  readonly size: number;
  readonly bold: boolean;
}

export interface FigureMeta {
  readonly id: string;
  readonly lang: Language;
  /** What the figure shows, for those who do not see it. */
  readonly title: string;
  readonly hash: string;
}

/** What the drawing of a source carries, so that the build knows which drawings are older than their source. */
export function figureHash(source: string): string {
  return createHash('sha256').update(`${DRAWING_VERSION}\n${source.replace(/\r\n/g, '\n').trim()}`).digest('hex').slice(0, 16);
}

/** What a figure shows, from the comment in its first line; undefined where there is none. */
export function figureTitle(source: string): string | undefined {
  return /^%%(?!\{)\s*(\S.*)/.exec(source)?.[1]?.trim();
}

/** The class of what stands behind a label. */
const LABEL_BACK = 'fig-label-bg';

/** The classes of a shape by the Mermaid class that tells its role, most telling first. */
const SHAPE_ROLES: readonly (readonly [mermaid: string, role: string])[] = [
  ['cluster', 'fig-group'],
  ['background', LABEL_BACK],
  ['flowchart-link', 'fig-edge'],
  ['messageLine0', 'fig-edge'],
  ['messageLine1', 'fig-edge'],
  ['actor-line', 'fig-lifeline'],
  ['activation0', 'fig-active'],
  ['activation1', 'fig-active'],
  ['activation2', 'fig-active'],
  ['note', 'fig-note'],
  ['sequencenumber', 'fig-number'],
  ['labelBox', 'fig-tag'],
  ['loopLine', 'fig-frame'],
  ['rect', 'fig-group'],
  ['actor', 'fig-node'],
  ['actor-man', 'fig-node'],
  ['node', 'fig-node'],
];

/** The class of a group's title, which stands at its left edge. All other text stands around its middle. */
const GROUP_TITLE = 'fig-group-text';

const TEXT_ROLES: readonly (readonly [mermaid: string, role: string])[] = [
  ['cluster-label', GROUP_TITLE],
  ['edgeLabel', 'fig-label'],
  ['messageText', 'fig-message'],
  ['labelText', 'fig-tag-text'],
  ['loopText', 'fig-message'],
  ['sectionTitle', 'fig-message'],
  ['sequenceNumber', 'fig-number-text'],
  ['noteText', 'fig-text'],
  ['actor', 'fig-text'],
  ['text', GROUP_TITLE],
  ['node', 'fig-text'],
];

/** Classes that a source may give a node with `:::`. */
const EMPHASES: readonly string[] = ['accent', 'muted'];

/**
 * The drawing as the SVG that goes into a page.
 * @throws {Error} one that names the element where the drawing holds something that has no class of ours
 */
export function sanitizeFigure(drawing: Drawing, { id, lang, title, hash }: FigureMeta): string {
  const { x, y, width, height } = grow(drawing.box);
  const prefix = `fig-${id}-${lang}`;
  const groups = drawing.shapes.filter(({ tag, classes }) => tag === 'rect' && classes.includes('cluster')).map(rectOf);
  const description = drawing.relations.join(lang === 'en' ? '; ' : '；');
  const named = description === '' ? '' : ` aria-describedby="${prefix}-desc"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="fig" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}"`,
    ` role="img" aria-labelledby="${prefix}-title"${named} data-hash="${hash}" font-size="${FONT_SIZE}" text-anchor="middle">\n`,
    `<title id="${prefix}-title">${escapeXml(title)}</title>\n`,
    description === '' ? '' : `<desc id="${prefix}-desc">${escapeXml(description)}</desc>\n`,
    ...drawing.shapes.flatMap((shape) => shapeSvg(shape, { bottom: y + height, groups })).map((line) => `${line}\n`),
    '</svg>\n',
  ].join('');
}

function grow({ x, y, width, height }: Box): Box {
  const left = Math.floor(x - MARGIN);
  const top = Math.floor(y - MARGIN);
  return { x: left, y: top, width: Math.ceil(x + width + MARGIN) - left, height: Math.ceil(y + height + MARGIN) - top };
}

interface Surroundings {
  /** Where the lifelines of a sequence end. */
  readonly bottom: number;
  readonly groups: readonly Box[];
}

function shapeSvg(shape: Shape, { bottom, groups }: Surroundings): string[] {
  if (shape.tag === 'text') return spread(shape.lines).map((line) => textSvg(line, roleOf(shape, TEXT_ROLES)));
  const role = shapeRole(shape) === LABEL_BACK ? labelBack(rectOf(shape), groups) : shapeRole(shape);
  const attributes = { class: role, ...placed(shape), ...(role === 'fig-lifeline' ? { y2: round(bottom) } : {}), ...strokeOf(shape, role) };
  return [`<${shape.tag}${written(attributes)}/>`, ...shape.heads.flatMap(headSvg)];
}

/** What stands behind a label has the colour of the group it stands in. */
function labelBack({ x, y, width, height }: Box, groups: readonly Box[]): string {
  const across = x + width / 2;
  const down = y + height / 2;
  const depth = groups.filter((group) => group.x < across && across < group.x + group.width && group.y < down && down < group.y + group.height).length;
  return depth === 0 ? LABEL_BACK : `${LABEL_BACK} fig-in-${depth === 1 ? 'group' : 'groups'}`;
}

function rectOf({ geometry, origin }: Shape): Box {
  const [x = 0, y = 0, width = 0, height = 0] = ['x', 'y', 'width', 'height'].map((name) => Number(geometry[name] ?? 0));
  return { x: origin.x + x, y: origin.y + y, width, height };
}

/** Mermaid's lines stand close: moves them apart around their middle. */
function spread(lines: readonly TextLine[]): readonly TextLine[] {
  const middle = lines.reduce((sum, { y }) => sum + y, 0) / lines.length;
  return lines.map((line) => ({ ...line, y: middle + (line.y - middle) * LINE_SPREAD }));
}

function textSvg({ text, left, x, y, size, bold }: TextLine, role: string): string {
  const attributes = {
    class: role,
    ...(role === GROUP_TITLE ? { x: round(left), y: round(y), 'text-anchor': 'start' } : { x: round(x), y: round(y) }),
    ...(size === FONT_SIZE ? {} : { 'font-size': round(size) }),
    ...(bold ? { 'font-weight': '600' } : {}),
  };
  return `<text${written(attributes)}>${escapeXml(text)}</text>`;
}

function roleOf(shape: Shape, roles: readonly (readonly [string, string])[]): string {
  const role = roles.find(([mermaid]) => shape.classes.includes(mermaid))?.[1];
  if (role === undefined) throw new Error(`no class for <${shape.tag} class="${shape.classes.join(' ')}">`);
  const emphasis = EMPHASES.find((name) => shape.classes.includes(name));
  return emphasis === undefined ? role : `${role} fig-${emphasis}`;
}

const DIAMOND = 4;
const HEXAGON = 6;

/** Nodes of a flowchart are told apart by their shape too. */
function shapeRole(shape: Shape): string {
  const role = roleOf(shape, SHAPE_ROLES);
  if (!role.startsWith('fig-node') || !shape.classes.includes('node')) return role;
  const corners = (shape.geometry['points']?.match(NUMBER) ?? []).length / 2;
  if (corners === DIAMOND || corners === HEXAGON) return `${role} fig-decision`;
  if (shape.tag === 'path' && /a/i.test(shape.geometry['d'] ?? '')) return `${role} fig-store`;
  return role;
}

function strokeOf({ strokeWidth, dashed }: Shape, role: string): Record<string, string> {
  if (!role.startsWith('fig-edge')) return {};
  return {
    ...(strokeWidth > 2.5 ? { 'stroke-width': '2.5' } : {}),
    ...(dashed ? { 'stroke-dasharray': '4 4' } : {}),
  };
}

/** The geometry in the drawing's own coordinates. */
function placed({ tag, classes, geometry, origin: { x, y } }: Shape): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(geometry)) {
    if (name === 'd') result[name] = movePath(value, { x, y });
    else if (name === 'points') result[name] = movePoints(value, { x, y });
    else result[name] = round(Number(value) + (isAcross(name) ? x : isDown(name) ? y : 0));
  }
  if (tag === 'rect' && !classes.includes('activation0')) {
    const radius = classes.includes('background') ? 3 : classes.includes('cluster') ? 8 : 6;
    result['rx'] = round(Math.max(radius, Number(geometry['rx'] ?? 0)));
    delete result['ry'];
  }
  return result;
}

const isAcross = (name: string) => ['x', 'x1', 'x2', 'cx'].includes(name);
const isDown = (name: string) => ['y', 'y1', 'y2', 'cy'].includes(name);

function movePoints(points: string, { x, y }: Point): string {
  const numbers = (points.match(NUMBER) ?? []).map(Number);
  const pairs = numbers.flatMap((value, index) => (index % 2 === 0 ? [`${round(value + x)},${round(numbers[index + 1]! + y)}`] : []));
  return pairs.join(' ');
}

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;

/** Of each command of a path: how many numbers it takes, and which of them are a place. */
const PATH_COMMANDS: Readonly<Record<string, { readonly take: number; readonly across: readonly number[]; readonly down: readonly number[] }>> = {
  M: { take: 2, across: [0], down: [1] },
  L: { take: 2, across: [0], down: [1] },
  H: { take: 1, across: [0], down: [] },
  V: { take: 1, across: [], down: [0] },
  C: { take: 6, across: [0, 2, 4], down: [1, 3, 5] },
  S: { take: 4, across: [0, 2], down: [1, 3] },
  Q: { take: 4, across: [0, 2], down: [1, 3] },
  T: { take: 2, across: [0], down: [1] },
  A: { take: 7, across: [5], down: [6] },
  Z: { take: 0, across: [], down: [] },
};

function movePath(d: string, { x, y }: Point): string {
  const commands = d.match(/[a-z][^a-z]*(?:e[-+]?\d[^a-z]*)*/gi) ?? [];
  return commands.map((text, index) => {
    const letter = text[0]!;
    const command = PATH_COMMANDS[letter.toUpperCase()];
    if (command === undefined) throw new Error(`no such path command: ${text}`);
    // The first `m` of a path is a place even where it is written relative.
    const absolute = letter === letter.toUpperCase() || index === 0;
    const numbers = (text.slice(1).match(NUMBER) ?? []).map((number, at) => {
      const place = at % Math.max(command.take, 1);
      const shift = !absolute ? 0 : command.across.includes(place) ? x : command.down.includes(place) ? y : 0;
      return round(Number(number) + shift);
    });
    return letter + numbers.join(' ');
  }).join('');
}

/** The heads of lines, by what Mermaid's names end with. The points are for a line that runs to the right and ends at 0,0. */
const HEADS: readonly { readonly ends: readonly string[]; readonly svg: (at: (x: number, y: number) => string) => string }[] = [
  {
    ends: ['pointEnd', 'pointStart', 'arrowhead'],
    svg: (at) => `<path class="fig-arrow" d="M${at(-5, -4)}L${at(4, 0)}L${at(-5, 4)}Z"/>`,
  },
  {
    ends: ['filled-head'],
    svg: (at) => `<path class="fig-edge" d="M${at(-5, -4)}L${at(2, 0)}L${at(-5, 4)}"/>`,
  },
  {
    ends: ['crossEnd', 'crossStart'],
    svg: (at) => `<path class="fig-edge" d="M${at(-10, -4)}L${at(-2, 4)}M${at(-10, 4)}L${at(-2, -4)}"/>`,
  },
  {
    ends: ['crosshead'],
    svg: (at) => `<path class="fig-edge" d="M${at(-4, -4)}L${at(4, 4)}M${at(-4, 4)}L${at(4, -4)}"/>`,
  },
  {
    ends: ['circleEnd', 'circleStart'],
    svg: (at) => `<circle class="fig-arrow" ${placeOf(at(-5, 0))} r="4"/>`,
  },
];

function headSvg({ name, x, y, angle }: Head): string[] {
  const head = HEADS.find(({ ends }) => ends.some((end) => name.endsWith(end)));
  if (head === undefined) throw new Error(`no head of a line for ${name}`);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return [head.svg((along, aside) => `${round(x + along * cos - aside * sin)} ${round(y + along * sin + aside * cos)}`)];
}

function placeOf(point: string): string {
  const [x, y] = point.split(' ');
  return `cx="${x}" cy="${y}"`;
}

function written(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join('');
}

function round(value: number): string {
  if (!Number.isFinite(value)) throw new Error('a drawing holds a number that is none');
  const text = String(Math.round(value * 10) / 10);
  return text === '-0' ? '0' : text;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

const NUMBERS = /^[-\d.\s,]+$/;
const ONE_NUMBER = /^-?\d+(\.\d+)?$/;
const IDS = /^fig-[a-z0-9-]+$/;

/** Every attribute that an element may have, and what may stand in it. */
const COMMON: Readonly<Record<string, RegExp>> = {
  class: /^fig(-[a-z]+)*( fig(-[a-z]+)*)*$/,
  transform: /^((translate|rotate|scale)\([-\d.\s,]+\)\s*)+$/,
  opacity: ONE_NUMBER,
  'stroke-width': ONE_NUMBER,
  'stroke-dasharray': NUMBERS,
  'stroke-linecap': /^(butt|round|square)$/,
  'stroke-linejoin': /^(miter|round|bevel)$/,
  'text-anchor': /^(start|middle|end)$/,
  'dominant-baseline': /^(auto|middle|central|hanging)$/,
  'font-size': ONE_NUMBER,
  'font-weight': /^\d{3}$/,
  'letter-spacing': ONE_NUMBER,
};

function numbers(...names: readonly string[]): Record<string, RegExp> {
  return Object.fromEntries(names.map((name) => [name, ONE_NUMBER]));
}

/** Every element that a figure may have, with its own attributes. */
const ELEMENTS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  svg: {
    ...numbers('width', 'height'),
    xmlns: /^http:\/\/www\.w3\.org\/2000\/svg$/,
    viewBox: NUMBERS,
    role: /^img$/,
    'aria-labelledby': IDS,
    'aria-describedby': IDS,
    'data-hash': /^[0-9a-f]+$/,
  },
  title: { id: IDS },
  desc: { id: IDS },
  g: {},
  rect: numbers('x', 'y', 'width', 'height', 'rx', 'ry'),
  circle: numbers('cx', 'cy', 'r'),
  ellipse: numbers('cx', 'cy', 'rx', 'ry'),
  line: numbers('x1', 'y1', 'x2', 'y2'),
  polyline: { points: NUMBERS },
  polygon: { points: NUMBERS },
  path: { d: /^[MmLlHhVvCcSsQqTtAaZz\d\s.,-]+$/ },
  text: numbers('x', 'y', 'dx', 'dy'),
  tspan: numbers('x', 'y', 'dx', 'dy'),
};

/** Elements that may hold text. */
const WITH_TEXT: ReadonlySet<string> = new Set(['title', 'desc', 'text', 'tspan']);

const ATTRIBUTE = /\s+([\w:-]+)="([^"<>]*)"/g;

/** Why a drawing must not go into a page: everything that is not on the lists above. Empty for a good one. */
export function figureProblems(svg: string): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  const ids = new Set<string>();
  let roots = 0;
  for (const piece of svg.trim().match(/<[^>]*>?|[^<]+/g) ?? []) {
    if (!piece.startsWith('<')) {
      if (piece.trim() !== '' && !WITH_TEXT.has(open.at(-1) ?? '')) problems.push(`text outside a text: ${piece.trim().slice(0, 40)}`);
      if (/&(?!(amp|lt|gt|quot);)/.test(piece)) problems.push(`an entity other than amp, lt, gt and quot: ${piece.trim().slice(0, 40)}`);
      continue;
    }
    const closing = /^<\/([a-zA-Z]+)>$/.exec(piece);
    if (closing) {
      if (open.pop() !== closing[1]) problems.push(`${piece} closes another element`);
      continue;
    }
    const tag = /^<([a-zA-Z]+)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>$/.exec(piece);
    if (!tag) {
      problems.push(`not allowed: ${piece.slice(0, 40)}`);
      continue;
    }
    const [, name = '', attributes = '', end] = tag;
    if (!mayStand(name, open.at(-1), roots)) problems.push(`<${name}> out of its place`);
    if (open.length === 0) roots++;
    problems.push(...attributeProblems(name, attributes, ids));
    if (end === '') open.push(name);
  }
  if (open.length > 0) problems.push(`<${open.at(-1)}> is not closed`);
  problems.push(...rootProblems(svg, ids));
  return problems;
}

/** One root, drawings in it, and nothing but text in a text. */
function mayStand(name: string, parent: string | undefined, roots: number): boolean {
  if (parent === undefined) return name === 'svg' && roots === 0;
  return parent === 'svg' || parent === 'g' ? name !== 'svg' && name !== 'tspan' : parent === 'text' && name === 'tspan';
}

function attributeProblems(name: string, attributes: string, ids: Set<string>): string[] {
  const own = Object.hasOwn(ELEMENTS, name) ? ELEMENTS[name] : undefined;
  if (own === undefined) return [`<${name}> is not allowed`];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [, key = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    const allowed = Object.hasOwn(own, key) ? own[key] : Object.hasOwn(COMMON, key) ? COMMON[key] : undefined;
    if (allowed === undefined) problems.push(`<${name}> must not have ${key}`);
    else if (!allowed.test(value)) problems.push(`<${name} ${key}="${value.slice(0, 40)}"> is not allowed`);
    if (seen.has(key)) problems.push(`<${name}> has ${key} twice`);
    seen.add(key);
    if (key === 'id' && ids.has(value)) problems.push(`the id ${value} is there twice`);
    if (key === 'id') ids.add(value);
  }
  return problems;
}

function rootProblems(svg: string, ids: ReadonlySet<string>): string[] {
  const root = /^\s*<svg\b[^>]*>/.exec(svg)?.[0];
  if (root === undefined) return ['a figure begins with <svg>'];
  const problems = ['xmlns', 'viewBox', 'width', 'height', 'role', 'aria-labelledby'].filter((name) => !root.includes(` ${name}="`)).map((name) => `<svg> has no ${name}`);
  for (const [, name, id = ''] of root.matchAll(/(aria-[a-z]+)="([^"]*)"/g)) if (!ids.has(id)) problems.push(`${name} names no element: ${id}`);
  if (!/<title id="[^"]*">[^<]*\S[^<]*<\/title>/.test(svg)) problems.push('<svg> has no title');
  return problems;
}
