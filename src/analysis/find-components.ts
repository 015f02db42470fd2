/**
 * Strongly connected components by Tarjan's algorithm (Tarjan, "Depth-first search and linear
 * graph algorithms", SIAM J. Comput. 1972), with a stack of its own, so that a chain of thousands
 * of rules does not exhaust the call stack. A component comes after all that it points to.
 */
interface Frame {
  readonly vertex: number;
  /** Next successor to look at. */
  next: number;
}

/** The components of a graph given as successor lists; vertices ascend within one. */
export function findComponents(
  successors: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const order = new Int32Array(successors.length).fill(-1);
  const low = new Int32Array(successors.length);
  const onStack = new Uint8Array(successors.length);
  const stack: number[] = [];
  const components: number[][] = [];
  let count = 0;

  const open = (vertex: number): Frame => {
    order[vertex] = low[vertex] = count++;
    stack.push(vertex);
    onStack[vertex] = 1;
    return { vertex, next: 0 };
  };
  const close = (vertex: number): void => {
    if (low[vertex] !== order[vertex]) return;
    const component = stack.splice(stack.lastIndexOf(vertex));
    for (const member of component) onStack[member] = 0;
    components.push(component.sort((a, b) => a - b));
  };

  for (let root = 0; root < successors.length; root++) {
    if (order[root] !== -1) continue;
    const frames = [open(root)];
    while (frames.length > 0) {
      const frame = frames.at(-1)!;
      const { vertex } = frame;
      const successor = successors[vertex]![frame.next++];
      if (successor === undefined) {
        frames.pop();
        close(vertex);
        const parent = frames.at(-1);
        if (parent !== undefined) low[parent.vertex] = Math.min(low[parent.vertex]!, low[vertex]!);
      } else if (order[successor] === -1) {
        frames.push(open(successor));
      } else if (onStack[successor] === 1) {
        low[vertex] = Math.min(low[vertex]!, order[successor]!);
      }
    }
  }
  return components;
}
