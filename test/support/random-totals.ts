/**
 * Aggregates over the tuples of one relation that come, go and are overwritten, for random programs to
 * have among their rules: in one group, in few, in computed ones; of what a table holds, or of what is
 * derived from it; some with a condition, some into a relation that another rule fills, too.
 */
import type { MixedRelation } from './random-body.js';
import type { RandomClosure } from './random-closures.js';
import { pick, type ColumnType, type Draw } from './random-columns.js';

export function makeTotals(draw: Draw): RandomClosure {
  const type = pick(['int', 'int', 'int', 'float', 'string'] as const, draw);
  const isKeyed = draw(2) === 0;
  const columns: readonly ColumnType[] = ['int', 'int', type];
  const relation = (name: string, kind: MixedRelation['kind'], level: number): MixedRelation => ({
    name,
    kind,
    columns,
    keyLength: 3,
    isKeyed: false,
    level,
  });
  const value = type === 'string' || draw(3) > 0 ? 'v' : pick(['v + v', 'v - v'], draw);
  const all: readonly (readonly [text: string, type: ColumnType])[] = [
    ['count<k>', 'int'],
    ['count<*>', 'int'],
    ...(type === 'string' ? [] : [[`sum<${value}>`, type] as const]),
    [`min<${value}>`, type],
    [`max<${value}>`, type],
    ...(draw(4) === 0 ? [['count_distinct<v>', 'int'] as const] : []),
  ];
  const chosen = Array.from({ length: 1 + draw(3) }, () => pick(all, draw));
  const group = pick([[], ['g'], ['g % 2'], ['g', 'k % 2']], draw);
  const shown = [...group, ...chosen.map(([text]) => text)].join(', ');
  const source = pick(['q', 'q', 'y'], draw);
  const alternatives = type === 'int' ? [' | y(k, v, g)', ' | k = 1, g = 0, v = 2'] : [];
  const conditions = ['', '', '', ', k != 1', ', g >= 0', ', k != g'];
  const condition = pick([...conditions, ...alternatives], draw);
  const head: MixedRelation = {
    name: 'r',
    kind: pick(['scratch', 'view', 'output'] as const, draw),
    columns: [...group.map(() => 'int' as const), ...chosen.map(([, each]) => each)],
    keyLength: group.length + chosen.length,
    isKeyed: false,
    level: 2,
  };
  return {
    relations: [
      relation('h', 'input', 0),
      relation('f', 'input', 0),
      isKeyed ? { ...relation('q', 'table', 0), keyLength: 1, isKeyed } : relation('q', 'table', 0),
      relation('y', 'scratch', 1),
      head,
    ],
    rules: [
      isKeyed ? 'upsert q(k, g, v) :- h(k, g, v)' : 'q(k, g, v)@next :- h(k, g, v)',
      ...(draw(4) === 0 ? [] : ['delete q(k, g, _) :- f(k, g, _)']),
      `y(k, g, v) :- q(k, g, v), k != ${draw(3)}`,
      `r(${shown}) :- ${source}(k, g, v)${condition}`,
      ...(draw(4) === 0 ? [`r(${shown}) :- y(g, k, v)`] : []),
    ],
  };
}
