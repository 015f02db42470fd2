/**
 * Markup as values: text becomes part of a page only through `tag`, which escapes it, or is `Markup`
 * already. So no name, string or comment of a program can bring markup of its own.
 */

/** Text that is HTML or SVG. */
export interface Markup {
  readonly markup: string;
}
export type Content = Markup | string | readonly Content[];
type Attributes = Readonly<Record<string, string | number | boolean | null>>;

const empty: ReadonlySet<string> = new Set(
  'meta link br hr img input path line rect circle ellipse polygon'.split(' '),
);

/** An element; attributes that are null or false are left out, true ones have no value. */
export function tag(name: string, attributes: Attributes, ...content: readonly Content[]): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === null || value === false) return [];
    return value === true ? [` ${key}`] : [` ${key}="${escapeText(String(value))}"`];
  });
  const open = `<${name}${written.join('')}>`;
  if (content.length === 0 && empty.has(name)) return { markup: `${open.slice(0, -1)}/>` };
  return { markup: `${open}${join(content).markup}</${name}>` };
}

/** Several pieces in a row. */
export function join(content: Content): Markup {
  if (typeof content === 'string') return { markup: escapeText(content) };
  if ('markup' in content) return content;
  return { markup: content.map((piece) => join(piece).markup).join('') };
}

/** Text of ours that is markup as it stands: styles, scripts. Never text of a program. */
export function trusted(markup: string): Markup {
  return { markup };
}

// Control characters, lone surrogates, and marks that reverse the direction of text.
const unsafe =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escapeText(text: string): string {
  return text
    .replace(unsafe, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A JSON document inside a `<script type="application/json">`. */
export function embeddedJson(document: unknown): Markup {
  const text = JSON.stringify(document)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return { markup: text };
}
