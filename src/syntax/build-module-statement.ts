/**
 * The statements about modules and functions of TypeScript from the concrete tree: `import`,
 * `include`, `use`, `extern`. A module itself is built by the parser out of its head and the
 * statements between its braces.
 */
import type { CstNode, IToken } from 'chevrotain';

import type { Span } from '../base/span.js';
import type { ExternFunction, Import, Include, PathText, TypeExpression, Use } from './ast.js';
import { buildIdentifier, buildTerm, type BuildContext } from './build-term.js';
import { nodeOf, nodesOf, tokenOf, tokensOf } from './cst.js';
import { literalValue } from './lex-file.js';
import { spanOf } from './token-span.js';

type BuildType = (context: BuildContext, node: CstNode) => TypeExpression;

/** The statement, or null if the node is of another kind. */
export function buildModuleStatement(
  context: BuildContext,
  node: CstNode,
  span: Span,
  doc: string | null,
  buildType: BuildType,
): Import | Include | Use | ExternFunction | null {
  for (const kind of ['import', 'include'] as const) {
    const found = nodesOf(node, kind)[0];
    if (found !== undefined) return { kind, path: buildPath(context, found), doc, span };
  }
  const use = nodesOf(node, 'use')[0];
  if (use !== undefined) return buildUse(context, use, span, doc);
  const extern = nodesOf(node, 'extern')[0];
  return extern === undefined ? null : buildExtern(context, extern, { span, doc }, buildType);
}

function buildPath(context: BuildContext, node: CstNode): PathText {
  const token: IToken = tokenOf(node, 'String');
  const value = literalValue(token);
  return {
    text: typeof value === 'string' ? value : token.image,
    span: spanOf(context.file, token),
  };
}

function buildUse(context: BuildContext, node: CstNode, span: Span, doc: string | null): Use {
  const [module, alias] = tokensOf(node, 'Identifier').map((token) =>
    buildIdentifier(context, token),
  );
  const list = nodesOf(node, 'settings')[0];
  const settings = (list === undefined ? [] : nodesOf(list, 'setting')).map((setting) => ({
    name: buildIdentifier(context, tokenOf(setting, 'Identifier')),
    value: buildTerm(context, nodeOf(setting, 'term')),
  }));
  return { kind: 'use', module: module!, alias: alias!, settings, doc, span };
}

function buildExtern(
  context: BuildContext,
  node: CstNode,
  { span, doc }: { readonly span: Span; readonly doc: string | null },
  buildType: BuildType,
): ExternFunction {
  const parameters = nodesOf(nodeOf(node, 'parameters'), 'parameter').map((parameter) => ({
    name: buildIdentifier(context, tokenOf(parameter, 'Identifier')),
    type: buildType(context, nodeOf(parameter, 'type')),
  }));
  return {
    kind: 'extern',
    name: buildIdentifier(context, tokenOf(node, 'Identifier')),
    parameters,
    result: buildType(context, nodeOf(node, 'type')),
    path: buildPath(context, node),
    properties: tokensOf(node, 'PropertyWord').map((token) => buildIdentifier(context, token)),
    doc,
    span,
  };
}
