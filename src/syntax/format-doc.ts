/**
 * Text with choices of layout, and the printer that makes them.
 *
 * A group stands on one line if it fits, else all lines of its own break; what fits is decided
 * from the outside in, looking no further than the first line break that is certain. Comments are
 * part of the text: one that ends its line makes the next thing start a new one, whatever the
 * layout wanted there, and a group that holds such a comment before its end is never flat.
 *
 * Philip Wadler, "A prettier printer", The Fun of Programming, 2003.
 */

/** How a document begins and ends, as its neighbours see it. */
interface Edges {
  /** It cannot stand on one line. */
  readonly broken: boolean;
  /** It begins with a comment on a line of its own. */
  readonly opensLine: boolean;
  /** It ends with a comment behind which the line must end. */
  readonly endsLine: boolean;
  readonly empty: boolean;
}
type Form =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'space' }
  /** A line break, or when flat what `flat` says; of a `fill`, each decides for itself. */
  | { readonly kind: 'line'; readonly flat: '' | ' '; readonly fill: boolean }
  /** A certain line break; with `blank`, an empty line besides. */
  | { readonly kind: 'hard'; readonly blank: boolean }
  | { readonly kind: 'trailing'; readonly text: string }
  | { readonly kind: 'own'; readonly text: string }
  | { readonly kind: 'concat'; readonly parts: readonly Doc[] }
  | { readonly kind: 'indent'; readonly by: number; readonly doc: Doc }
  | { readonly kind: 'group'; readonly doc: Doc };
/** A document: text and the ways in which it may be laid out. */
export type Doc = Form & Edges;

/** The width of a line, comments at its end apart. */
const lineWidth = 100;

/** How much deeper a line stands that a comment broke off. */
const continuation = 4;

const plain: Edges = { broken: false, opensLine: false, endsLine: false, empty: false };
const nothing: Edges = { ...plain, empty: true };

/** Text without choice; only a block comment may hold line breaks. */
export function text(content: string): Doc {
  return { kind: 'text', text: content, ...plain, empty: content === '' };
}
/** A blank, unless the line ends here. */
export const space: Doc = { kind: 'space', ...nothing };
/** A blank, or a line break where the group around it does not fit. */
export const line: Doc = { kind: 'line', flat: ' ', fill: false, ...nothing };
/** Nothing, or a line break where the group around it does not fit. */
export const softLine: Doc = { kind: 'line', flat: '', fill: false, ...nothing };
/** A blank, or a line break where what follows does not fit. */
export const fillLine: Doc = { kind: 'line', flat: ' ', fill: true, ...nothing };

export function hardLine(blank: boolean): Doc {
  return { kind: 'hard', blank, ...nothing };
}
/** A comment behind text; the line ends behind it. */
export function trailingComment(content: string): Doc {
  return { kind: 'trailing', text: content, ...plain, endsLine: true };
}
/** A comment on a line of its own. */
export function ownComment(content: string): Doc {
  return { kind: 'own', text: content, ...plain, opensLine: true, endsLine: true };
}

export function concat(parts: readonly Doc[]): Doc {
  let [broken, opensLine, endsLine, empty] = [false, false, false, true];
  for (const part of parts) {
    broken ||= part.broken;
    if (part.empty) continue;
    if (!empty && (endsLine || part.opensLine)) broken = true;
    if (empty) opensLine = part.opensLine;
    endsLine = part.endsLine;
    empty = false;
  }
  return { kind: 'concat', parts, broken, opensLine, endsLine, empty };
}
export function indent(by: number, doc: Doc): Doc {
  const { broken, opensLine, endsLine, empty } = doc;
  return { kind: 'indent', by, doc, broken, opensLine, endsLine, empty };
}
export function group(doc: Doc): Doc {
  const { broken, opensLine, endsLine, empty } = doc;
  return { kind: 'group', doc, broken, opensLine, endsLine, empty };
}

/** A printed line; the comment at its end apart, so that neighbours can be aligned. */
export interface Line {
  readonly text: string;
  readonly comment: string | null;
}

interface Task {
  readonly indentation: number;
  readonly flat: boolean;
  readonly doc: Doc;
}

/** The lines of a document. */
export function render(doc: Doc): readonly Line[] {
  const printer = new Printer();
  const tasks: Task[] = [{ indentation: 0, flat: false, doc }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    printer.print(task, tasks);
  }
  return printer.finish();
}

class Printer {
  readonly #lines: Line[] = [];
  #text = '';
  #comment: string | null = null;
  #blank = false;
  /** Where the line begins, and where the statement began. */
  #indentation = 0;
  #outermost = 0;
  /** A blank is due before the next text. */
  #spaceDue = false;
  /** A comment has ended the line. */
  #breakDue = false;

  print({ indentation, flat, doc }: Task, tasks: Task[]): void {
    switch (doc.kind) {
      case 'text':
        return this.#write(doc.text, indentation);
      case 'space':
        this.#spaceDue = true;
        return;
      case 'line':
        return this.#line(doc.flat, flat || (doc.fill && this.#roomFor(tasks)), indentation);
      case 'hard':
        this.#break(indentation);
        this.#outermost = indentation;
        this.#blank = doc.blank;
        return;
      case 'trailing':
        if (this.#comment !== null || this.#breakDue) this.#write(doc.text, indentation);
        else this.#comment = doc.text;
        this.#breakDue = true;
        return;
      case 'own':
        if (this.#text !== '' || this.#comment !== null) this.#breakForced(indentation);
        this.#write(doc.text, indentation);
        this.#breakDue = true;
        return;
      case 'indent':
        tasks.push({ indentation: indentation + doc.by, flat, doc: doc.doc });
        return;
      case 'group': {
        const fits =
          flat || (!doc.broken && this.#fits({ indentation, flat: true, doc: doc.doc }, tasks));
        tasks.push({ indentation, flat: fits, doc: doc.doc });
        return;
      }
      case 'concat':
        for (const part of doc.parts.toReversed()) tasks.push({ indentation, flat, doc: part });
    }
  }

  finish(): readonly Line[] {
    this.#break(0);
    return this.#lines;
  }

  #write(content: string, indentation: number): void {
    if (content === '') return;
    if (this.#breakDue) this.#breakForced(indentation);
    if (this.#text === '') this.#text = ' '.repeat(this.#indentation);
    else if (this.#spaceDue && !/[([{]$/.test(this.#text)) this.#text += ' ';
    this.#spaceDue = false;
    this.#text += content;
  }

  #line(whenFlat: string, flat: boolean, indentation: number): void {
    if (!flat || this.#breakDue) this.#break(indentation);
    else if (whenFlat === ' ') this.#spaceDue = true;
  }

  /** A line break because of a comment. What goes on there is no new statement and stands deeper. */
  #breakForced(indentation: number): void {
    this.#break(Math.max(indentation, this.#outermost + continuation));
  }

  /** Ends the line; the next one begins at that column. */
  #break(indentation: number): void {
    this.#indentation = indentation;
    if (this.#text !== '' || this.#comment !== null) {
      if (this.#blank && this.#lines.length > 0) this.#lines.push({ text: '', comment: null });
      this.#lines.push({ text: this.#text, comment: this.#comment });
      this.#blank = false;
    }
    this.#text = '';
    this.#comment = null;
    this.#spaceDue = false;
    this.#breakDue = false;
  }

  /** Columns taken in the current line. */
  #column(indentation: number): number {
    if (this.#breakDue) return indentation;
    if (this.#text === '') return this.#indentation;
    return this.#text.length - (this.#text.lastIndexOf('\n') + 1) + (this.#spaceDue ? 1 : 0);
  }

  #roomFor(tasks: readonly Task[]): boolean {
    const next = tasks.at(-1);
    return next !== undefined && this.#fits({ ...next, doc: space, flat: true }, tasks, 1);
  }

  /** Whether the task and what follows it, up to the next certain line break, fit in the line. */
  #fits(task: Task, rest: readonly Task[], taken = 0): boolean {
    let room = lineWidth - this.#column(task.indentation) - taken;
    let next = rest.length;
    const stack: Task[] = [task];
    while (room >= 0) {
      const top = stack.pop() ?? rest[--next];
      if (top === undefined) return true;
      const { doc, flat, indentation } = top;
      if (doc.kind === 'own' || doc.kind === 'trailing' || doc.kind === 'hard') return true;
      if (doc.kind === 'space') room -= 1;
      else if (doc.kind === 'line') {
        if (!flat) return true;
        room -= doc.flat.length;
      } else if (doc.kind === 'text') {
        const end = doc.text.indexOf('\n');
        if (end !== -1) return room >= end;
        room -= doc.text.length;
      } else if (doc.kind === 'concat') {
        for (const part of doc.parts.toReversed()) stack.push({ indentation, flat, doc: part });
      } else {
        stack.push({
          indentation,
          flat: doc.kind === 'group' && doc.broken ? false : flat,
          doc: doc.doc,
        });
      }
    }
    return false;
  }
}
