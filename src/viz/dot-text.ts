/** Words of Graphviz's DOT language that several graphs share. */

/** An identifier or label: any text, quoted. */
export function dotQuote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

const shapes: Readonly<Record<string, string>> = {
  table: 'cylinder',
  lattice: 'cylinder',
  static: 'folder',
  channel: 'cds',
  loopback: 'cds',
  input: 'invhouse',
  periodic: 'invhouse',
  output: 'house',
  view: 'note',
  scratch: 'box',
};

/** The shape of a relation by its kind. */
export function dotShape(kind: string): string {
  return shapes[kind] ?? 'box';
}

/** The line of an edge by the time at which its head holds. */
export function dotStyle(time: 'now' | 'next' | 'async'): string {
  return { now: 'solid', next: 'dashed', async: 'dotted' }[time];
}

/** The label of a vertex that is not called by its name, with a comma behind; nothing for one that is. */
export function dotLabel(name: string, nameOf: (name: string) => string): string {
  const shown = nameOf(name);
  return shown === name ? '' : `label=${dotQuote(shown)}, `;
}
