/**
 * Codes of area 01: what keeps text from being read as a program. The first part is about
 * characters and literals, the second about statements, the third about what a later version reads.
 */
import type { CodeEntry } from '../code-entry.js';

export const syntaxCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0101',
    title: 'the file is not text',
    explanation:
      'Programs are UTF-8 text. A NUL character says that the file is something else: an image, an archive, a compiled program, or text in another encoding. Nothing of it is read.',
    wrong: 'link("a", "b");\0',
    right: 'link("a", "b");',
  },
  {
    code: 'TRL0102',
    title: 'a character that has no meaning',
    explanation:
      'Outside strings and comments only letters A-Z and a-z, digits, `_` and the signs of the language mean something. Letters with accents, curly quotes and the like belong into strings.',
    wrong: 'link(“a”, "b");',
    right: 'link("a", "b");',
  },
  {
    code: 'TRL0103',
    title: 'a string that is not closed',
    explanation:
      'A string ends in the line in which it begins. A line break inside a string is written `\\n`. Reading goes on in the next line.',
    wrong: 'link("a, b);',
    right: 'link("a", "b");',
  },
  {
    code: 'TRL0104',
    title: 'a comment that is not closed',
    explanation:
      'A comment that begins with `/*` ends with the next `*/`. Comments do not nest. Reading goes on in the next line.',
    wrong: '/* links\nlink("a", "b");',
    right: '/* links */\nlink("a", "b");',
  },
  {
    code: 'TRL0105',
    title: 'an unknown escape in a string',
    explanation:
      'A backslash in a string begins an escape: `\\n \\t \\r \\0 \\\\ \\" \\\'`, `\\xHH` with two hexadecimal digits, `\\uHHHH` with four, or `\\u{H...}` with a code point. A backslash itself is written `\\\\`.',
    wrong: 'path_of("C:\\data");',
    right: 'path_of("C:\\\\data");',
  },
  {
    code: 'TRL0106',
    title: 'a malformed number',
    explanation:
      'Ints are decimal or begin with `0x`; floats have digits on both sides of the dot, so that `1.` and `.5` cannot be misread; underscores stand between digits; durations are whole numbers with the unit `ms`, `s`, `m` or `h`.',
    wrong: 'weight("a", .5);',
    right: 'weight("a", 0.5);',
  },
  {
    code: 'TRL0107',
    title: 'a number out of range',
    explanation:
      'An int lies within ±(2^53−1), where every int is exact; a float within the range of IEEE 754 double precision. Numbers never wrap or lose digits silently.',
    wrong: 'account(9007199254740993);',
    right: 'account("9007199254740993");',
  },
  {
    code: 'TRL0108',
    title: 'a comment sign of another language',
    explanation:
      '`#` and `%` do not begin comments: `%` is the remainder of a division. Comments begin with `//` or stand between `/*` and `*/`; `///` documents the next declaration.',
    wrong: '# links\nlink("a", "b");',
    right: '// links\nlink("a", "b");',
  },
  {
    code: 'TRL0109',
    title: 'something that cannot stand here',
    explanation:
      'The statement can be read up to this place, and what stands there continues it in no way. The label says what would. The statement is left out; reading goes on behind its `;`.',
    wrong: 'path(x, y) :- link(x, );',
    right: 'link("a", "b");\npath(x, y) :- link(x, y);',
  },
  {
    code: 'TRL0110',
    title: 'a statement that ends too early',
    explanation:
      'The `;` (or the end of the file) comes before the statement is complete. The label says what is missing.',
    wrong: 'path(x, y) :- ;',
    right: 'link("a", "b");\npath(x, y) :- link(x, y);',
  },
  {
    code: 'TRL0111',
    title: 'a missing semicolon',
    explanation:
      'Every statement ends in `;`. A name that follows a complete statement in a new line, no deeper than the statement itself, begins the next one: the `;` before it is missing. Both are read.',
    wrong: 'link("a", "b")\nlink("b", "c");',
    right: 'link("a", "b");\nlink("b", "c");',
  },
  {
    code: 'TRL0112',
    title: 'brackets that do not match',
    explanation:
      'Every `(`, `[` and `{` is closed by its own counterpart within its statement. A statement with unmatched brackets is left out as a whole, because no place in it can be read with certainty.',
    wrong: 'path(x, y :- link(x, y);',
    right: 'link("a", "b");\npath(x, y) :- link(x, y);',
  },
  {
    code: 'TRL0113',
    title: 'nesting that is too deep',
    explanation:
      'Brackets nest up to 200 levels, and the tree of an expression is up to 500 operations deep; modules, which stand at the top of a file, are not looked for below 16 others. The bounds keep every part of Trellis from running out of stack; programs written by people stay far below them.',
    wrong: `deep(${'('.repeat(201)}1${')'.repeat(201)});`,
    right: 'deep(((1)));',
  },
  {
    code: 'TRL0114',
    title: 'chained comparisons',
    explanation:
      'Comparisons do not chain: `a < b < c` would compare a truth value with `c`. Join two comparisons with `,` in a body or `&&` inside an expression.',
    wrong: 'size(5);\nmedium(x) :- size(x), 1 < x < 9;',
    right: 'size(5);\nmedium(x) :- size(x), 1 < x, x < 9;',
  },
  {
    code: 'TRL0115',
    title: '`=` where it cannot bind',
    explanation:
      '`x = term` is a literal of its own, which binds x or, if x is bound elsewhere, tests equality. Inside an expression, an `if` or an argument, equality is `==`. A constant is defined with `const name = value;`.',
    wrong: 'size(5);\nfive(x) :- size(x), y = if x = 5 then 1 else 2, y < 2;',
    right: 'size(5);\nfive(x) :- size(x), y = if x == 5 then 1 else 2, y < 2;',
  },
  {
    code: 'TRL0116',
    title: 'a rule operator of another language',
    explanation:
      'Between head and body stands `:-`. Where Bloom has four operators, the head says when: `<=` is `p(..) :- ..`, `<+` is `p(..)@next :- ..`, `<-` is `delete p(..) :- ..`, `<~` is `p(..)@async :- ..`.',
    wrong: 'link("a", "b");\npath(x, y) <= link(x, y);',
    right: 'link("a", "b");\npath(x, y) :- link(x, y);',
  },
  {
    code: 'TRL0117',
    title: '`not` for a negation',
    explanation:
      'The absence of a tuple is `notin p(..)` or `!p(..)`; a condition is negated with `!`. `not` is an ordinary name.',
    wrong: 'node("a");\ndown("b");\nup(x) :- node(x), not down(x);',
    right: 'node("a");\ndown("b");\nup(x) :- node(x), notin down(x);',
  },
  {
    code: 'TRL0118',
    title: '`and` or `or` as a connective',
    explanation:
      'Literals are joined by `,` and alternatives of a body by `|`; inside expressions stand `&&` and `||`. `and` and `or` are ordinary names.',
    wrong: 'node("a");\ndown("b");\nboth(x) :- node(x) and down(x);',
    right: 'node("a");\ndown("b");\nboth(x) :- node(x), down(x);',
  },
  {
    code: 'TRL0119',
    title: 'a statement that ends in a dot',
    explanation: 'Statements end in `;`. The dot of Prolog and Datalog calls methods here.',
    wrong: 'link("a", "b").',
    right: 'link("a", "b");',
  },
  {
    code: 'TRL0120',
    title: 'a directive of Souffle',
    explanation:
      '`.decl`, `.input` and `.output` belong to Souffle. Relations are declared with `table`, `scratch`, `static`, `input`, `output` and `view`, or not at all: an undeclared relation with only facts is a `static`, one with a rule a `scratch`.',
    wrong: '.decl link(x: string, y: string)\nlink("a", "b");',
    right: 'static link(x: string, y: string);\nlink("a", "b");',
  },
  {
    code: 'TRL0121',
    title: 'a reserved word as a name',
    explanation:
      'Only `notin in true false null if then else` are reserved. Every other word, `table` and `delete` included, may name a relation, a column or a variable.',
    wrong: 'table in(x: int);',
    right: 'table within(x: int);',
  },
  {
    code: 'TRL0122',
    title: 'an unknown kind of statement',
    explanation:
      'Two names at the start of a statement make a declaration, and the first of them is none of `table scratch static input output view channel loopback periodic const param durable delete upsert`.',
    wrong: 'tabel link(x: string, y: string);',
    right: 'table link(x: string, y: string);',
  },
  {
    code: 'TRL0123',
    title: 'an unknown time behind `@`',
    explanation:
      '`head(..)@next` holds in the next timestep, `head(..)@async` arrives in a later one, at the node in the column marked `@`. There is no other time.',
    wrong: 'table seen(x: string);\nnode("a");\nseen(x)@later :- node(x);',
    right: 'table seen(x: string);\nnode("a");\nseen(x)@next :- node(x);',
  },
  {
    code: 'TRL0124',
    title: 'a `!` that needs parentheses',
    explanation:
      '`!` binds less tightly than comparisons and arithmetic: `!a == b` is `!(a == b)`. Behind such an operator it would be misread and stands in parentheses.',
    wrong: 'flag(true, false);\nsame(x) :- flag(x, y), x == !y;',
    right: 'flag(true, false);\nsame(x) :- flag(x, y), x == (!y);',
  },
  {
    code: 'TRL0125',
    title: 'a missing comma',
    explanation: 'Literals of a body, arguments and columns are separated by `,`.',
    wrong: 'link("a", "b");\npath(x, z) :- link(x, y) link(y, z);',
    right: 'link("a", "b");\npath(x, z) :- link(x, y), link(y, z);',
  },
  {
    code: 'TRL0126',
    title: 'an aggregate that is not closed',
    explanation:
      "In a head argument, an aggregate's name before `<` opens an aggregate that ends at `>`, and its arguments are sums and products. A comparison that begins with such a name stands in parentheses.",
    wrong: 'size(5);\nsmall(count < 3) :- size(count);',
    right: 'size(5);\nsmall((count < 3)) :- size(count);',
  },
  {
    code: 'TRL0127',
    title: 'an unknown aggregate',
    explanation: 'A name before `<...>` in a head argument must be that of an aggregate.',
    wrong: 'size(5);\ntotal(summ<x>) :- size(x);',
    right: 'size(5);\ntotal(sum<x>) :- size(x);',
  },
  {
    code: 'TRL0128',
    title: 'an aggregate that is not a whole argument of a head',
    explanation:
      'An aggregate stands alone as an argument of a head. What computes or compares with its result is a rule of its own, which reads the relation that the aggregate derives.',
    wrong: 'size(5);\nnext(max<x> + 1) :- size(x);',
    right: 'size(5);\ntop(max<x>) :- size(x);\nnext(m + 1) :- top(m);',
  },
  {
    code: 'TRL0142',
    title: 'named argument of a method',
    explanation:
      'The columns of a relation may be named where it is read (`p(id: x)`). A method is a function of the ' +
      'value before its dot, and the arguments of functions have no names.',
    wrong: `input word(text: string);
output short(text: string);
short(t) :- word(t), (t ++ "!").starts_with(prefix: "a");
`,
    right: `input word(text: string);
output short(text: string);
short(t) :- word(t), (t ++ "!").starts_with("a");
`,
  },
];
