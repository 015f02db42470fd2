/**
 * The parser's grammar as railroad diagrams: one page of HTML with inline SVG, without scripts or
 * links to elsewhere. `railroad.html` is what this makes; `npm run grammar` writes it, and a test
 * compares. What a rule's diagram shows is read from the parser itself.
 *
 * A diagram is made of boxes. A box is entered at the left and left at the right, both at its
 * `y`; `up` and `down` say how far it reaches above and below.
 */
import {
  Alternation,
  type Alternative,
  NonTerminal,
  Option,
  Repetition,
  Terminal,
  type IProduction,
  type Rule,
  type TokenType,
} from 'chevrotain';

import { StatementParser } from './parser.js';

interface Box {
  readonly width: number;
  readonly up: number;
  readonly down: number;
  readonly draw: (x: number, y: number) => string;
}

const gap = 12;
const half = 13;
const radius = 9;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function rail(path: string): string {
  return `<path d="${path}"/>`;
}

// ---- boxes ----------------------------------------------------------------------------------

function word(text: string, kind: 'terminal' | 'token' | 'rule'): Box {
  const width = text.length * 8 + 22;
  const draw = (x: number, y: number): string => {
    const corner = kind === 'rule' ? 0 : half;
    const frame = `<rect x="${x}" y="${y - half}" width="${width}" height="${2 * half}" rx="${corner}"/>`;
    const label = `<text x="${x + width / 2}" y="${y + 4}">${escaped(text)}</text>`;
    const box = `<g class="${kind}">${frame}${label}</g>`;
    return kind === 'rule' ? `<a href="#${text}">${box}</a>` : box;
  };
  return { width, up: half, down: half, draw };
}

const skip: Box = { width: 0, up: 0, down: 0, draw: () => '' };

function row(boxes: readonly Box[]): Box {
  if (boxes.length === 1) return boxes[0]!;
  const width =
    boxes.reduce((sum, box) => sum + box.width, 0) + gap * Math.max(boxes.length - 1, 0);
  const draw = (x: number, y: number): string => {
    let at = x;
    return boxes
      .map((box, index) => {
        const start = index === 0 ? '' : rail(`M${at - gap} ${y}h${gap}`);
        const drawn = start + box.draw(at, y);
        at += box.width + gap;
        return drawn;
      })
      .join('');
  };
  const up = Math.max(0, ...boxes.map((box) => box.up));
  return { width, up, down: Math.max(0, ...boxes.map((box) => box.down)), draw };
}

/** One of several: the first straight on, the others below. */
function choice(boxes: readonly Box[]): Box {
  const inner = Math.max(...boxes.map((box) => box.width));
  const width = inner + 4 * radius;
  const offsets: number[] = [];
  let below = 0;
  for (const [index, box] of boxes.entries()) {
    if (index > 0) below += Math.max(box.up + 8, 2 * radius - (index === 1 ? 0 : half));
    offsets.push(below);
    below += box.down;
  }
  const draw = (x: number, y: number): string =>
    boxes.map((box, index) => drawBranch(box, x, y, offsets[index]!, inner)).join('');
  return { width, up: boxes[0]!.up, down: below, draw };
}

function drawBranch(box: Box, x: number, y: number, offset: number, inner: number): string {
  const left = x + 2 * radius;
  const rest = inner - box.width;
  const straight = rail(`M${left + box.width} ${y + offset}h${rest}`);
  const drawn = box.draw(left, y + offset) + (rest > 0 ? straight : '');
  if (offset === 0) {
    return rail(`M${x} ${y}h${2 * radius}`) + drawn + rail(`M${left + inner} ${y}h${2 * radius}`);
  }
  const turn = `a${radius} ${radius} 0 0`;
  const drop = offset - 2 * radius;
  const down = `M${x} ${y}${turn} 1 ${radius} ${radius}v${drop}${turn} 0 ${radius} ${radius}`;
  const up = `M${left + inner} ${y + offset}${turn} 0 ${radius} ${-radius}v${-drop}${turn} 1 ${radius} ${-radius}`;
  return rail(down) + drawn + rail(up);
}

/** Once or more: the way back runs above. */
function loop(box: Box): Box {
  const up = box.up + 2 * radius;
  const draw = (x: number, y: number): string => {
    const right = x + radius + box.width;
    const turn = `a${radius} ${radius} 0 0 0`;
    const rise = up - 2 * radius;
    const back = `M${right} ${y}${turn} ${radius} ${-radius}v${-rise}${turn} ${-radius} ${-radius}h${-box.width}${turn} ${-radius} ${radius}v${rise}${turn} ${radius} ${radius}`;
    const ends = rail(`M${x} ${y}h${radius}`) + rail(`M${right} ${y}h${radius}`);
    return ends + box.draw(x + radius, y) + rail(back);
  };
  return { width: box.width + 2 * radius, up, down: box.down, draw };
}

// ---- productions ----------------------------------------------------------------------------

function tokenBox(type: TokenType): Box {
  const literal = /^`(.*)`$/.exec(type.LABEL ?? '');
  if (literal !== null) return word(literal[1]!, 'terminal');
  return word(type.name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase(), 'token');
}

function sequenceBox(parts: readonly IProduction[]): Box {
  return parts.length === 0 ? skip : row(parts.map(boxOf));
}

function boxOf(production: IProduction): Box {
  if (production instanceof Terminal) return tokenBox(production.terminalType);
  if (production instanceof NonTerminal) return word(production.nonTerminalName, 'rule');
  if (production instanceof Option) return choice([skip, sequenceBox(production.definition)]);
  if (production instanceof Repetition) {
    return choice([skip, loop(sequenceBox(production.definition))]);
  }
  if (production instanceof Alternation) {
    return choice(production.definition.map((one) => sequenceBox((one as Alternative).definition)));
  }
  throw new Error(`a production without a diagram: ${production.constructor.name}`);
}

function diagram(rule: Rule): string {
  const box = sequenceBox(rule.definition);
  const y = box.up + 6;
  const x = 2 * gap;
  const ends = rail(`M4 ${y - 8}v16`) + rail(`M4 ${y}h${x - 4}`);
  const close =
    rail(`M${x + box.width} ${y}h${x - 4}`) + rail(`M${2 * x + box.width - 4} ${y - 8}v16`);
  const [width, height] = [2 * x + box.width, y + box.down + 6];
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg ${size} role="img" aria-label="${rule.name}">${ends}${box.draw(x, y)}${close}</svg>`;
}

const style = `body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
h2 { font: 600 1rem ui-monospace, monospace; margin: 2rem 0 .3rem }
svg { max-width: 100%; height: auto; display: block }
path { fill: none; stroke: #555; stroke-width: 1.5 }
rect { fill: #eef3fb; stroke: #456; stroke-width: 1.2 }
.terminal rect { fill: #fdf3d8 }
.token rect { fill: #e8f5e4 }
text { font: 13px ui-monospace, monospace; text-anchor: middle; fill: #111 }`;

/** The page with a diagram for each rule of the parser. */
export function railroadPage(): string {
  const rules = Object.values(new StatementParser().getGAstProductions());
  const sections = rules.map((rule) => `<h2 id="${rule.name}">${rule.name}</h2>\n${diagram(rule)}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The grammar of Trellis</title>
<style>
${style}
</style>
<h1>The grammar of Trellis</h1>
<p>Generated from the parser by <code>npm run grammar</code>. Yellow: the text itself; green: a token, explained in
<code>trellis.ebnf</code>; blue: a rule. A file is a sequence of statements, each closed by <code>;</code>.</p>
${sections.join('\n')}
</html>
`;
}
