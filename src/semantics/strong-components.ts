/**
 * Strongly connected components of a directed graph, by Tarjan's algorithm (Tarjan 1972) with an
 * explicit stack, so that a chain of thousands of relations does not exhaust the call stack.
 */

/** The number of each vertex's component; two vertices share it iff each reaches the other. */
export function strongComponents(
  successors: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const components = new Map<string, number>();
  const search = new ComponentSearch(successors, components);
  for (const vertex of successors.keys()) search.from(vertex);
  return components;
}

interface Frame {
  readonly vertex: string;
  next: number;
}

class ComponentSearch {
  readonly #successors: ReadonlyMap<string, readonly string[]>;
  readonly #components: Map<string, number>;
  readonly #order = new Map<string, number>();
  readonly #low = new Map<string, number>();
  /** Vertices seen whose component is not known. */
  readonly #pending: string[] = [];
  #count = 0;

  constructor(successors: ReadonlyMap<string, readonly string[]>, components: Map<string, number>) {
    this.#successors = successors;
    this.#components = components;
  }

  from(root: string): void {
    if (this.#order.has(root)) return;
    const frames = [this.#enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const successor = this.#successors.get(frame.vertex)?.[frame.next++];
      if (successor === undefined) {
        frames.pop();
        this.#leave(frame.vertex, frames.at(-1)?.vertex);
      } else if (!this.#order.has(successor)) frames.push(this.#enter(successor));
      else if (!this.#components.has(successor))
        this.#lower(frame.vertex, this.#order.get(successor)!);
    }
  }

  #enter(vertex: string): Frame {
    this.#order.set(vertex, this.#order.size);
    this.#low.set(vertex, this.#order.get(vertex)!);
    this.#pending.push(vertex);
    return { vertex, next: 0 };
  }

  #lower(vertex: string, to: number): void {
    if (to < this.#low.get(vertex)!) this.#low.set(vertex, to);
  }

  #leave(vertex: string, parent: string | undefined): void {
    const low = this.#low.get(vertex)!;
    if (parent !== undefined) this.#lower(parent, low);
    if (low !== this.#order.get(vertex)) return;
    for (;;) {
      const member = this.#pending.pop()!;
      this.#components.set(member, this.#count);
      if (member === vertex) break;
    }
    this.#count += 1;
  }
}
