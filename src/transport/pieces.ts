/**
 * Long texts in pieces. A batch is never torn, so what one timestep sends to one receiver is one
 * frame however long it is; what travels is a row of messages of bounded length, each with a part of
 * the frame's text, and the receiver acts on none of them before it has the last.
 *
 * The pieces of one text follow each other on one connection; with the connection goes what has come
 * of them.
 */

/** What a piece says: `text` is a part of a message's text. */
export interface Piece {
  readonly kind: 'piece';
  readonly text: string;
  readonly isLast: boolean;
}

/** The messages in which a text travels: itself, or pieces of so many characters. */
export function* messagesOf(text: string, pieceLength: number): Generator<string, void, undefined> {
  if (text.length <= pieceLength) {
    yield text;
    return;
  }
  for (let start = 0; start < text.length; start += pieceLength) {
    const end = start + pieceLength;
    const piece: Piece = {
      kind: 'piece',
      text: text.slice(start, end),
      isLast: end >= text.length,
    };
    yield JSON.stringify(piece);
  }
}

/** The pieces of one text that have come so far. */
export class Assembly {
  readonly #mostLength: number;
  #texts: string[] = [];
  #length = 0;

  /** `mostLength`: characters of the whole. */
  constructor(mostLength: number) {
    this.#mostLength = mostLength;
  }

  /** The whole text if this piece is the last one; `absurd` if the whole is longer than anybody sends. */
  add({ text, isLast }: Piece): { readonly whole: string } | 'more' | 'absurd' {
    this.#texts.push(text);
    this.#length += text.length;
    if (this.#length > this.#mostLength) return 'absurd';
    if (!isLast) return 'more';
    const whole = this.#texts.join('');
    [this.#texts, this.#length] = [[], 0];
    return { whole };
  }
}
