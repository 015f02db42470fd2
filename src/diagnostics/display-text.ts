/**
 * Text as a terminal shows it: how many cells each character takes, and what must never reach a
 * terminal as it is. Tabs become four blanks; control characters (escape sequences!), lone
 * surrogates and marks that reverse the direction of text become U+FFFD.
 */

export interface DisplayText {
  readonly text: string;
  /** For each code unit of the source, and for its end, the cell where it begins. */
  readonly cells: readonly number[];
}

const tab = '    ';
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;
const invisible = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** One line of source text. */
export function displayLine(source: string): DisplayText {
  let text = '';
  let cell = 0;
  const cells: number[] = [];
  for (const character of source) {
    const shown = character === '\t' ? tab : unsafe.test(character) ? '\ufffd' : character;
    for (let unit = 0; unit < character.length; unit++) cells.push(cell);
    text += shown;
    cell += shown === tab ? tab.length : cellsOf(shown);
  }
  cells.push(cell);
  return { text, cells };
}

/** A message, which may quote source text; line feeds stay. */
export function displayMessage(message: string): string {
  return message
    .split('\n')
    .map((line) => displayLine(line).text)
    .join('\n');
}

// East Asian wide and full-width blocks and emoji (Unicode Standard Annex 11), coarsely.
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function cellsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (invisible.test(character)) return 0;
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
