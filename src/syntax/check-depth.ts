/**
 * A bound on the depth of trees, so that every pass may recurse over them. Brackets are bounded
 * before parsing; what is left are long chains (`1 + 1 + ...`, `x.f().f()...`, `--x`), whose trees
 * lean to one side. Walks with a stack of its own, and only where there are tokens enough.
 */
import type { Statement } from './ast.js';

/** How deep the tree of a statement may be. */
export const maxDepth = 500;

/** Whether the tree is deeper than `maxDepth`; `tokenCount` is that of the statement. */
export function isTooDeep(statement: Statement, tokenCount: number): boolean {
  if (tokenCount <= maxDepth) return false;
  const stack: { node: object; depth: number }[] = [{ node: statement, depth: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.depth > maxDepth) return true;
    // A list is no level of its own.
    const depth = Array.isArray(top.node) ? top.depth : top.depth + 1;
    for (const [key, child] of Object.entries(top.node)) {
      if (typeof child === 'object' && child !== null && key !== 'span') {
        stack.push({ node: child as object, depth });
      }
    }
  }
  return false;
}
