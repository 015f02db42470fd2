/**
 * A queue of virtual events: a binary heap ordered by (time, rank, tie, sequence). Rank 0 is for
 * boots, which come before everything else of their moment. Tie is the scheduler's choice among
 * what happens at one moment, and the sequence number makes the order total: which event comes
 * next never depends on how the heap happens to lie.
 */
export interface QueuedEvent<T> {
  readonly atMs: number;
  readonly rank: number;
  readonly tie: number;
  readonly sequence: number;
  readonly content: T;
}

export class EventQueue<T> {
  readonly #heap: QueuedEvent<T>[] = [];
  #sequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  push(atMs: number, rank: number, tie: number, content: T): void {
    const heap = this.#heap;
    const entry = { atMs, rank, tie, sequence: this.#sequence++, content };
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!precedes(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  /** The next event, taken out; undefined when nothing is left. */
  pop(): QueuedEvent<T> | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top !== undefined && last !== undefined && heap.length > 0) this.#sink(last);
    return top;
  }

  #sink(entry: QueuedEvent<T>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && precedes(heap[child + 1]!, heap[child]!)) child += 1;
      if (!precedes(heap[child]!, entry)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = entry;
  }
}

function precedes(a: QueuedEvent<unknown>, b: QueuedEvent<unknown>): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  if (a.rank !== b.rank) return a.rank < b.rank;
  if (a.tie !== b.tie) return a.tie < b.tie;
  return a.sequence < b.sequence;
}
