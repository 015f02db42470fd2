/**
 * Where the variables of generated code live when it runs as closures. Every call of a function has
 * a frame: an array with the frame around it in place 0 and then a place for each variable, whatever
 * block declares it. Names are resolved once, when the closures are made.
 */
import { BugError } from '../base/assert.js';

export type Frame = unknown[];
/** An expression, or an assignment that gives back what it was given. */
export type Evaluate = (frame: Frame) => unknown;
export type Assign = (frame: Frame, value: unknown) => void;

/** What generated code may use of JavaScript itself. */
const globals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['Math', Math],
  ['undefined', undefined],
]);

/** The places of one function. */
class Places {
  readonly outer: Scope | null;
  count = 1;

  constructor(outer: Scope | null) {
    this.outer = outer;
  }
}

/** A block, with what is declared in it. */
export class Scope {
  readonly #places: Places;
  readonly #block: Scope | null;
  readonly #placeByName = new Map<string, number>();

  private constructor(places: Places, block: Scope | null) {
    [this.#places, this.#block] = [places, block];
  }

  /** The outermost block of a function. */
  static ofFunction(outer: Scope | null): Scope {
    return new Scope(new Places(outer), null);
  }

  /** A block within this one. */
  inner(): Scope {
    return new Scope(this.#places, this);
  }

  /** Places that a frame needs; known when the whole function has been read. */
  get size(): number {
    return this.#places.count;
  }

  declare(name: string): number {
    const known = this.#placeByName.get(name);
    if (known !== undefined) return known;
    const place = this.#places.count++;
    this.#placeByName.set(name, place);
    return place;
  }

  read(name: string): Evaluate {
    const found = this.#find(name);
    if (found === null) {
      if (!globals.has(name)) throw new BugError(`generated code names ${name} out of nowhere`);
      const value = globals.get(name);
      return () => value;
    }
    const { depth, place } = found;
    if (depth === 0) return (frame) => frame[place];
    if (depth === 1) return (frame) => (frame[0] as Frame)[place];
    return (frame) => up(frame, depth)[place];
  }

  write(name: string): Assign {
    const found = this.#find(name);
    if (found === null) throw new BugError(`generated code sets ${name} out of nowhere`);
    const { depth, place } = found;
    return (frame, value) => {
      up(frame, depth)[place] = value;
    };
  }

  #find(name: string, depth = 0): { readonly depth: number; readonly place: number } | null {
    const place = this.#placeByName.get(name);
    if (place !== undefined) return { depth, place };
    if (this.#block !== null) return this.#block.#find(name, depth);
    const { outer } = this.#places;
    return outer === null ? null : outer.#find(name, depth + 1);
  }
}

function up(frame: Frame, depth: number): Frame {
  let found = frame;
  for (let i = 0; i < depth; i++) found = found[0] as Frame;
  return found;
}
