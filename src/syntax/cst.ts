/**
 * Reading the concrete tree: children by name, in source order. A name the grammar does not give
 * to a node has no children; that a required child is there, the parser has made sure of.
 */
import type { CstNode, IToken } from 'chevrotain';

import { defined } from '../base/assert.js';

export function tokensOf(node: CstNode, name: string): readonly IToken[] {
  return (node.children[name] ?? []) as IToken[];
}

export function nodesOf(node: CstNode, name: string): readonly CstNode[] {
  return (node.children[name] ?? []) as CstNode[];
}

export function tokenOf(node: CstNode, name: string): IToken {
  return defined(tokensOf(node, name)[0], `token ${name} of ${node.name}`);
}

export function nodeOf(node: CstNode, name: string): CstNode {
  return defined(nodesOf(node, name)[0], `node ${name} of ${node.name}`);
}

export function hasToken(node: CstNode, name: string): boolean {
  return node.children[name] !== undefined;
}
