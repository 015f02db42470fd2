/** Statements about modules and functions of TypeScript as canonical text, without the `;`. */
import { quoteString } from '../base/value-text.js';
import type { ExternFunction, Import, Include, TypeExpression, Use } from './ast.js';
import { printTerm } from './print-term.js';

export function printModuleStatement(
  statement: Import | Include | Use | ExternFunction,
  printType: (type: TypeExpression) => string,
): string {
  switch (statement.kind) {
    case 'import':
    case 'include':
      return `${statement.kind} ${quoteString(statement.path.text)}`;
    case 'use': {
      const settings = statement.settings.map(
        ({ name, value }) => `${name.text} = ${printTerm(value)}`,
      );
      const end = settings.length === 0 ? '' : ` (${settings.join(', ')})`;
      return `use ${statement.module.text} as ${statement.alias.text}${end}`;
    }
    case 'extern': {
      const parameters = statement.parameters.map(
        ({ name, type }) => `${name.text}: ${printType(type)}`,
      );
      const start = `extern function ${statement.name.text}(${parameters.join(', ')})`;
      const source = `: ${printType(statement.result)} from ${quoteString(statement.path.text)}`;
      return [`${start}${source}`, ...statement.properties.map(({ text }) => text)].join(' ');
    }
  }
}
