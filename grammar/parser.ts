/**
 * The grammar as the parser reads it: one method a rule, one statement a run.
 *
 * Every choice is made by two tokens of look-ahead at most. `trellis.ebnf` says the same for
 * readers; a test compares the two rule by rule.
 *
 * A run stops at the first token that fits nowhere. Recovery is the caller's: statements are
 * separated before they are parsed, so that none can spoil another.
 */
import { TermParser, type Rule } from './term-parser.js';
import {
  AdditiveOperator,
  AggregateName,
  Arrow,
  As,
  Assume,
  Async,
  At,
  Bar,
  By,
  CollectionWord,
  Colon,
  Comma,
  Const,
  Coordinate,
  Delete,
  Durable,
  Equals,
  Extern,
  From,
  FunctionWord,
  Greater,
  Identifier,
  Implies,
  Import,
  In,
  Include,
  Invariant,
  Lattice,
  LeftParen,
  Less,
  MechanismWord,
  Module,
  Next,
  Not,
  NotIn,
  On,
  Param,
  Partition,
  Periodic,
  PropertyWord,
  RightParen,
  Seal,
  Sealed,
  Star,
  StringLiteral,
  Upsert,
  Use,
  When,
} from './tokens.js';

/** The parser; its one entry is `statement`, without the closing `;`. */
export class StatementParser extends TermParser {
  constructor({ validates = false }: { readonly validates?: boolean } = {}) {
    super(validates);
    this.performSelfAnalysis();
  }

  readonly statement: Rule = this.RULE('statement', () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.declaration) },
        { ALT: () => this.SUBRULE(this.periodic) },
        { ALT: () => this.SUBRULE(this.definition) },
        { ALT: () => this.SUBRULE(this.seal) },
        { ALT: () => this.SUBRULE(this.assumption) },
        { ALT: () => this.SUBRULE(this.coordination) },
        { ALT: () => this.SUBRULE(this.invariant) },
        { ALT: () => this.SUBRULE(this.import) },
        { ALT: () => this.SUBRULE(this.include) },
        { ALT: () => this.SUBRULE(this.use) },
        { ALT: () => this.SUBRULE(this.extern) },
        { ALT: () => this.SUBRULE(this.clause) },
      ],
      ERR_MSG: 'a declaration, a fact or a rule',
    });
  });

  // ---- declarations -------------------------------------------------------------------------

  readonly declaration: Rule = this.RULE('declaration', () => {
    this.OPTION(() => this.CONSUME(Durable));
    this.OR([
      {
        ALT: () => {
          this.CONSUME(CollectionWord);
          this.CONSUME(Identifier);
          this.OPTION2(() => this.SUBRULE(this.columns));
        },
      },
      {
        ALT: () => {
          this.CONSUME(Lattice);
          this.CONSUME2(Identifier);
          this.SUBRULE(this.typeAnnotation);
        },
      },
    ]);
    this.OPTION3(() => this.SUBRULE(this.partition));
  });

  readonly partition: Rule = this.RULE('partition', () => {
    this.CONSUME(Partition);
    this.CONSUME(By);
    this.SUBRULE(this.columnNames);
  });

  readonly columns: Rule = this.RULE('columns', () => {
    this.CONSUME(LeftParen);
    this.OPTION(() => this.SUBRULE(this.columnList));
    this.OPTION2(() => this.SUBRULE(this.dependentColumns));
    this.CONSUME(RightParen);
  });

  readonly dependentColumns: Rule = this.RULE('dependentColumns', () => {
    this.CONSUME(Arrow);
    this.SUBRULE(this.columnList);
  });

  readonly columnList: Rule = this.RULE('columnList', () => {
    this.SUBRULE(this.column);
    this.MANY(() => {
      this.CONSUME(Comma);
      this.SUBRULE2(this.column);
    });
  });

  readonly column: Rule = this.RULE('column', () => {
    this.OPTION(() => this.CONSUME(At));
    this.CONSUME(Identifier);
    this.OPTION2(() => {
      this.CONSUME(Colon);
      this.SUBRULE(this.type);
    });
  });

  readonly type: Rule = this.RULE('type', () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.namedType) },
        { ALT: () => this.SUBRULE(this.tupleType) },
      ],
      ERR_MSG: 'a type',
    });
  });

  readonly namedType: Rule = this.RULE('namedType', () => {
    this.CONSUME(Identifier);
    this.OPTION(() => {
      this.CONSUME(Less);
      this.SUBRULE(this.type);
      this.MANY(() => {
        this.CONSUME(Comma);
        this.SUBRULE2(this.type);
      });
      this.CONSUME(Greater);
    });
  });

  readonly tupleType: Rule = this.RULE('tupleType', () => {
    this.CONSUME(LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.type);
      this.OPTION2(() => {
        this.CONSUME(Comma);
        this.OPTION3(() => {
          this.SUBRULE2(this.type);
          this.MANY(() => {
            this.CONSUME2(Comma);
            this.SUBRULE3(this.type);
          });
        });
      });
    });
    this.CONSUME(RightParen);
  });

  readonly periodic: Rule = this.RULE('periodic', () => {
    this.CONSUME(Periodic);
    this.CONSUME(Identifier);
    this.CONSUME(LeftParen);
    this.SUBRULE(this.term);
    this.CONSUME(RightParen);
  });

  readonly definition: Rule = this.RULE('definition', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(Const);
          this.CONSUME(Identifier);
          this.OPTION(() => this.SUBRULE(this.typeAnnotation));
          this.SUBRULE(this.definedValue);
        },
      },
      {
        ALT: () => {
          this.CONSUME(Param);
          this.CONSUME2(Identifier);
          this.OPTION2(() => this.SUBRULE2(this.typeAnnotation));
          this.OPTION3(() => this.SUBRULE2(this.definedValue));
        },
      },
    ]);
  });

  readonly typeAnnotation: Rule = this.RULE('typeAnnotation', () => {
    this.CONSUME(Colon);
    this.SUBRULE(this.type);
  });

  readonly definedValue: Rule = this.RULE('definedValue', () => {
    this.CONSUME(Equals);
    this.SUBRULE(this.term);
  });

  // ---- statements about a program -----------------------------------------------------------

  readonly seal: Rule = this.RULE('seal', () => {
    this.CONSUME(Seal);
    this.CONSUME(Identifier);
    this.OPTION(() => {
      this.CONSUME(On);
      this.SUBRULE(this.columnNames);
    });
    this.OPTION2(() => {
      this.CONSUME(From);
      this.SUBRULE(this.atom);
    });
    this.CONSUME(When);
    this.SUBRULE2(this.atom);
  });

  readonly columnNames: Rule = this.RULE('columnNames', () => {
    this.CONSUME(LeftParen);
    this.OPTION(() => {
      this.CONSUME(Identifier);
      this.MANY(() => {
        this.CONSUME(Comma);
        this.CONSUME2(Identifier);
      });
    });
    this.CONSUME(RightParen);
  });

  readonly atom: Rule = this.RULE('atom', () => {
    this.CONSUME(Identifier);
    this.SUBRULE(this.arguments);
  });

  readonly assumption: Rule = this.RULE('assumption', () => {
    this.CONSUME(Assume);
    this.OR({
      DEF: [{ ALT: () => this.CONSUME(Identifier) }, { ALT: () => this.CONSUME(StringLiteral) }],
      ERR_MSG: 'the name of a rule',
    });
    this.CONSUME2(StringLiteral);
  });

  readonly coordination: Rule = this.RULE('coordination', () => {
    this.CONSUME(Coordinate);
    this.CONSUME(Identifier);
    this.CONSUME(MechanismWord);
    this.OPTION(() => this.SUBRULE(this.columnNames));
  });

  readonly invariant: Rule = this.RULE('invariant', () => {
    this.CONSUME(Invariant);
    this.CONSUME(Identifier);
    this.CONSUME(Colon);
    this.CONSUME(Not);
    this.CONSUME(LeftParen);
    this.SUBRULE(this.placedConjunction);
    this.MANY(() => {
      this.CONSUME(Bar);
      this.SUBRULE2(this.placedConjunction);
    });
    this.CONSUME(RightParen);
  });

  readonly placedConjunction: Rule = this.RULE('placedConjunction', () => {
    this.SUBRULE(this.placedLiteral);
    this.MANY(() => {
      this.CONSUME(Comma);
      this.SUBRULE2(this.placedLiteral);
    });
  });

  readonly placedLiteral: Rule = this.RULE('placedLiteral', () => {
    this.SUBRULE(this.literal);
    this.OPTION(() => {
      this.CONSUME(At);
      this.OR({
        DEF: [{ ALT: () => this.CONSUME(Identifier) }, { ALT: () => this.CONSUME(StringLiteral) }],
        ERR_MSG: 'a variable or the name of a node in quotes',
      });
    });
  });

  // ---- modules and functions ----------------------------------------------------------------

  /** The head of a module; the statements in its braces are separated and parsed one by one. */
  readonly moduleHead: Rule = this.RULE('moduleHead', () => {
    this.CONSUME(Module);
    this.CONSUME(Identifier);
  });

  readonly import: Rule = this.RULE('import', () => {
    this.CONSUME(Import);
    this.CONSUME(StringLiteral);
  });

  readonly include: Rule = this.RULE('include', () => {
    this.CONSUME(Include);
    this.CONSUME(StringLiteral);
  });

  readonly use: Rule = this.RULE('use', () => {
    this.CONSUME(Use);
    this.CONSUME(Identifier);
    this.CONSUME(As);
    this.CONSUME2(Identifier);
    this.OPTION(() => this.SUBRULE(this.settings));
  });

  readonly settings: Rule = this.RULE('settings', () => {
    this.CONSUME(LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.setting);
      this.MANY(() => {
        this.CONSUME(Comma);
        this.SUBRULE2(this.setting);
      });
    });
    this.CONSUME(RightParen);
  });

  readonly setting: Rule = this.RULE('setting', () => {
    this.CONSUME(Identifier);
    this.CONSUME(Equals);
    this.SUBRULE(this.term);
  });

  readonly extern: Rule = this.RULE('extern', () => {
    this.CONSUME(Extern);
    this.CONSUME(FunctionWord);
    this.CONSUME(Identifier);
    this.SUBRULE(this.parameters);
    this.CONSUME(Colon);
    this.SUBRULE(this.type);
    this.CONSUME(From);
    this.CONSUME(StringLiteral);
    this.MANY(() => this.CONSUME(PropertyWord));
  });

  readonly parameters: Rule = this.RULE('parameters', () => {
    this.CONSUME(LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.parameter);
      this.MANY(() => {
        this.CONSUME(Comma);
        this.SUBRULE2(this.parameter);
      });
    });
    this.CONSUME(RightParen);
  });

  readonly parameter: Rule = this.RULE('parameter', () => {
    this.CONSUME(Identifier);
    this.CONSUME(Colon);
    this.SUBRULE(this.type);
  });

  // ---- facts and rules ----------------------------------------------------------------------

  readonly clause: Rule = this.RULE('clause', () => {
    this.OPTION(() => this.SUBRULE(this.label));
    this.SUBRULE(this.head);
    this.MANY(() => {
      this.CONSUME(Comma);
      this.SUBRULE2(this.head);
    });
    this.OPTION2(() => this.SUBRULE(this.body));
  });

  readonly label: Rule = this.RULE('label', () => {
    this.CONSUME(Identifier);
    this.CONSUME(Colon);
  });

  readonly head: Rule = this.RULE('head', () => {
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(Delete) }, { ALT: () => this.CONSUME(Upsert) }]);
    });
    this.CONSUME(Identifier);
    this.CONSUME(LeftParen);
    this.OPTION2(() => {
      this.SUBRULE(this.headArgument);
      this.MANY(() => {
        this.CONSUME(Comma);
        this.SUBRULE2(this.headArgument);
      });
    });
    this.CONSUME(RightParen);
    this.OPTION3(() => {
      this.CONSUME(At);
      this.OR2({
        DEF: [{ ALT: () => this.CONSUME(Next) }, { ALT: () => this.CONSUME(Async) }],
        ERR_MSG: '`next` or `async`',
      });
    });
  });

  readonly headArgument: Rule = this.RULE('headArgument', () => {
    this.OPTION(() => this.SUBRULE(this.argumentName));
    this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.aggregate) }, { ALT: () => this.SUBRULE(this.term) }],
      // An aggregate's name is a name too; the aggregate comes first.
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'a term',
    });
  });

  readonly aggregate: Rule = this.RULE('aggregate', () => {
    this.CONSUME(AggregateName);
    this.CONSUME(Less);
    this.OR({
      DEF: [
        { ALT: () => this.CONSUME(Star) },
        {
          ALT: () => {
            this.SUBRULE(this.additive);
            this.MANY(() => {
              this.CONSUME(Comma);
              this.SUBRULE2(this.additive);
            });
          },
        },
      ],
      ERR_MSG: 'a term or `*`',
    });
    this.CONSUME(Greater);
  });

  readonly additive: Rule = this.RULE('additive', () => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.CONSUME(AdditiveOperator);
      this.SUBRULE2(this.operand);
    });
  });

  readonly body: Rule = this.RULE('body', () => {
    this.CONSUME(Implies);
    this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(Bar);
      this.SUBRULE2(this.conjunction);
    });
  });

  readonly conjunction: Rule = this.RULE('conjunction', () => {
    this.SUBRULE(this.literal);
    this.MANY(() => {
      this.CONSUME(Comma);
      this.SUBRULE2(this.literal);
    });
  });

  readonly literal: Rule = this.RULE('literal', () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.negation) },
        { ALT: () => this.SUBRULE(this.sealedLiteral) },
        { ALT: () => this.SUBRULE(this.positive) },
      ],
      ERR_MSG: 'a literal (`p(x)`, `notin p(x)`, `x = term`, `x in term` or a condition)',
    });
  });

  readonly negation: Rule = this.RULE('negation', () => {
    this.CONSUME(NotIn);
    this.CONSUME(Identifier);
    this.SUBRULE(this.arguments);
  });

  readonly sealedLiteral: Rule = this.RULE('sealedLiteral', () => {
    this.CONSUME(Sealed);
    this.SUBRULE(this.atom);
  });

  readonly positive: Rule = this.RULE('positive', () => {
    this.SUBRULE(this.term);
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(Equals) },
        { ALT: () => this.CONSUME(In) },
        { ALT: () => this.CONSUME(NotIn) },
      ]);
      this.SUBRULE2(this.term);
    });
  });
}
