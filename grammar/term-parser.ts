/**
 * The grammar of terms: what stands in arguments, conditions and definitions.
 *
 * Operators are read flat (`operand (operator operand)*`) and bound by precedence when the tree is
 * built, so that a level of nesting costs few stack frames. An error carries as its message only
 * what would have fitted; the sentence around it is made where the tokens around it are known.
 */
import {
  CstParser,
  tokenLabel,
  type CstNode,
  type IParserErrorMessageProvider,
  type ParserMethod,
} from 'chevrotain';

import {
  BinaryOperator,
  Colon,
  Comma,
  Dot,
  Else,
  False,
  Identifier,
  If,
  LeftBrace,
  LeftParen,
  LeftSquare,
  Minus,
  Not,
  Null,
  NumberLiteral,
  RightBrace,
  RightParen,
  RightSquare,
  StringLiteral,
  Then,
  True,
  vocabulary,
} from './tokens.js';

/** A rule without parameters. */
export type Rule = ParserMethod<[], CstNode>;

/** What would have fitted, as the message of the error; the sentence around it is made elsewhere. */
const expectedPhrase: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: (options) => tokenLabel(options.expected),
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: (options) => options.customUserDescription ?? '',
  buildEarlyExitMessage: () => '',
};

/**
 * The rules for terms. Contract: a subclass ends its constructor with `performSelfAnalysis`. That the
 * grammar is sound need not be found out in every process: a test `validates` it.
 */
export class TermParser extends CstParser {
  constructor(validates: boolean) {
    super(vocabulary, {
      skipValidations: !validates,
      maxLookahead: 2,
      recoveryEnabled: false,
      nodeLocationTracking: 'none',
      errorMessageProvider: expectedPhrase,
    });
  }

  readonly term: Rule = this.RULE('term', () => {
    this.OR({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(If);
            this.SUBRULE(this.term);
            this.CONSUME(Then);
            this.SUBRULE2(this.term);
            this.CONSUME(Else);
            this.SUBRULE3(this.term);
          },
        },
        {
          ALT: () => {
            this.SUBRULE(this.operand);
            this.MANY(() => {
              this.CONSUME(BinaryOperator);
              this.SUBRULE2(this.operand);
            });
          },
        },
      ],
      ERR_MSG: 'a term',
    });
  });

  readonly operand: Rule = this.RULE('operand', () => {
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(Minus, { LABEL: 'prefix' }) },
        { ALT: () => this.CONSUME(Not, { LABEL: 'prefix' }) },
      ]);
    });
    this.OR2({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(Identifier);
            this.OPTION(() => this.SUBRULE(this.arguments));
          },
        },
        { ALT: () => this.CONSUME(NumberLiteral) },
        { ALT: () => this.CONSUME(StringLiteral) },
        { ALT: () => this.CONSUME(True) },
        { ALT: () => this.CONSUME(False) },
        { ALT: () => this.CONSUME(Null) },
        { ALT: () => this.SUBRULE(this.group) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.braces) },
      ],
      ERR_MSG: 'a term',
    });
    this.MANY2(() => this.SUBRULE(this.method));
  });

  readonly arguments: Rule = this.RULE('arguments', () => {
    this.CONSUME(LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.argument);
      this.MANY(() => {
        this.CONSUME(Comma);
        this.SUBRULE2(this.argument);
      });
    });
    this.CONSUME(RightParen);
  });

  readonly argumentName: Rule = this.RULE('argumentName', () => {
    this.CONSUME(Identifier);
    this.CONSUME(Colon);
  });

  readonly argument: Rule = this.RULE('argument', () => {
    this.OPTION(() => this.SUBRULE(this.argumentName));
    this.SUBRULE(this.term);
  });

  readonly method: Rule = this.RULE('method', () => {
    this.CONSUME(Dot);
    this.CONSUME(Identifier);
    this.CONSUME(LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.argument);
      this.MANY(() => {
        this.CONSUME(Comma);
        this.SUBRULE2(this.argument);
      });
    });
    this.CONSUME(RightParen);
  });

  /** A term in parentheses, or a tuple where there is a comma or nothing inside. */
  readonly group: Rule = this.RULE('group', () => {
    this.CONSUME(LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.term);
      this.OPTION2(() => {
        this.CONSUME(Comma);
        this.OPTION3(() => {
          this.SUBRULE2(this.term);
          this.MANY(() => {
            this.CONSUME2(Comma);
            this.SUBRULE3(this.term);
          });
        });
      });
    });
    this.CONSUME(RightParen);
  });

  readonly list: Rule = this.RULE('list', () => {
    this.CONSUME(LeftSquare);
    this.OPTION(() => {
      this.SUBRULE(this.term);
      this.MANY(() => {
        this.CONSUME(Comma);
        this.SUBRULE2(this.term);
      });
    });
    this.CONSUME(RightSquare);
  });

  /** A set or a map: a map has colons. */
  readonly braces: Rule = this.RULE('braces', () => {
    this.CONSUME(LeftBrace);
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(Colon) },
        {
          ALT: () => {
            this.SUBRULE(this.term);
            this.OR2([
              { ALT: () => this.SUBRULE(this.mapRest) },
              { ALT: () => this.SUBRULE(this.setRest) },
            ]);
          },
        },
      ]);
    });
    this.CONSUME(RightBrace);
  });

  readonly mapRest: Rule = this.RULE('mapRest', () => {
    this.CONSUME(Colon);
    this.SUBRULE(this.term);
    this.MANY(() => {
      this.CONSUME(Comma);
      this.SUBRULE2(this.term);
      this.CONSUME2(Colon);
      this.SUBRULE3(this.term);
    });
  });

  readonly setRest: Rule = this.RULE('setRest', () => {
    this.MANY(() => {
      this.CONSUME(Comma);
      this.SUBRULE(this.term);
    });
  });
}
