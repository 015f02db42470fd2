/**
 * A syntax tree in Graphviz's DOT language: a box for each part, with its kind, its words and its
 * numbers; an edge, named after the field, to each part of it. Places in the source are left out.
 */
import { valueText } from '../base/value-text.js';
import type { Value } from '../base/value.js';
import { dotQuote } from './dot-text.js';

/** A part of the tree: a plain object, of which nothing is known but its shape. */
type Part = Readonly<Record<string, unknown>>;

const placeFields = new Set(['span', 'file']);

/** One `digraph`, complete with its line feed; `title` is what the root is called. */
export function renderTreeDot(root: object, title: string): string {
  const lines: string[] = [];
  let count = 0;
  const add = (part: Part, name: string): string => {
    const id = `n${count++}`;
    const fields = Object.entries(part).filter(([field]) => !placeFields.has(field));
    const words = fields.flatMap(([field, item]) => wordOf(part, field, item) ?? []);
    lines.push(`  ${id} [label=${dotQuote([name, ...words].join('\n'))}];`);
    for (const [field, item] of fields) {
      if (wordOf(part, field, item) !== null) continue;
      for (const [place, child] of partsOf(field, item))
        lines.push(`  ${id} -> ${add(child, kindOf(child, place))} [label=${dotQuote(place)}];`);
    }
    return id;
  };
  add(root as Part, title);
  return ['digraph ast {', '  node [shape=box];', ...lines, '}', ''].join('\n');
}

/** What stands in the box for a field; null if it is a part, or parts, of its own. */
function wordOf(part: Part, field: string, item: unknown): readonly string[] | null {
  if (field === 'kind') return [];
  if (part['kind'] === 'constant') return field === 'value' ? [valueText(item as Value)] : [];
  if (item === null || item === undefined || item === false) return [];
  if (item === true) return [field];
  const words = (Array.isArray(item) ? item : [item]).map(textOf);
  if (words.includes(null)) return null;
  return words.length === 0 ? [] : [`${field}: ${words.join(', ')}`];
}

/** Of a plain value, or of a name with its place. */
function textOf(item: unknown): string | null {
  if (typeof item === 'string') return item;
  if (typeof item !== 'object' || item === null) return JSON.stringify(item) ?? '';
  const isName = Object.keys(item).every((key) => key === 'text' || key === 'span');
  return isName && 'text' in item && typeof item.text === 'string' ? item.text : null;
}

/** The parts that a field holds, lists of lists included, each with what leads to it. */
function partsOf(field: string, item: unknown): readonly (readonly [string, Part])[] {
  if (Array.isArray(item)) return item.flatMap((each, i) => partsOf(`${field} ${i + 1}`, each));
  const text = textOf(item);
  return [[field, text === null ? (item as Part) : { kind: text }]];
}

function kindOf(part: Part, place: string): string {
  return typeof part['kind'] === 'string' ? part['kind'] : place;
}
