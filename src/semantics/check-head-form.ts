/**
 * Which heads a relation may have, by its kind:
 *
 *     table              fact  :-  @next  delete  upsert (with =>)  @async (if located)
 *     scratch output view fact  :-  @next
 *     static             fact  :-  (over statics)
 *     channel loopback                                              @async
 *     input periodic     none
 *
 * What a relation's kind does not allow is an error that says what the kind is for and suggests
 * the form, or the kind, that was probably meant.
 */
import type { Span } from '../base/span.js';
import type { Fix } from '../diagnostics/diagnostic.js';
import type { HeadDraft } from './draft.js';
import type { HeadMode } from './program.js';
import { kindPhrase, type RelationDraft } from './relation-draft.js';
import type { Reporter } from './reporter.js';

/** How a head was written. */
type Form = 'fact' | HeadMode;

interface Refusal {
  readonly message: string;
  readonly help: string;
  readonly fix?: Fix;
}

/** Reports a head whose form does not go with its relation; whether it is legal. */
export function checkHeadForm(head: HeadDraft, isFact: boolean, reporter: Reporter): boolean {
  const { relation, source } = head;
  if (reporter.isPoison(relation.name)) return false;
  if (source.action !== 'derive' && source.time !== 'now') {
    reporter.error(
      'TRL0502',
      source.span,
      `\`${source.action}\` takes effect in the next timestep by itself, so it takes no \`@${source.time}\``,
      {
        help: `leave out \`@${source.time}\``,
      },
    );
    return false;
  }
  if (isFact && !checkFactForm(head, reporter)) return false;
  const refusal = refuse(head, isFact ? 'fact' : head.mode);
  if (refusal !== null) {
    reporter.error('TRL0502', source.span, refusal.message, {
      secondary:
        relation.builtin === null ? [{ span: relation.span, text: kindNote(relation) }] : [],
      help: refusal.help,
      ...(refusal.fix !== undefined && { fixes: [refusal.fix] }),
    });
    return false;
  }
  if (head.mode === 'upsert' && !relation.hasKey) {
    reporter.error(
      'TRL0503',
      source.span,
      `\`upsert\` replaces the tuple with the same key, but \`${relation.name}\` has no key`,
      {
        secondary: [{ span: relation.span, text: 'no `=>` here' }],
        help: 'write `=>` behind the key columns in its declaration, or use `@next` to add tuples',
      },
    );
    return false;
  }
  return true;
}

function kindNote(relation: RelationDraft): string {
  if (relation.declared) return kindPhrase(relation.kind);
  return relation.kind === 'scratch'
    ? 'not declared, so a scratch'
    : 'not declared, and with facts only, so a static';
}

function checkFactForm(head: HeadDraft, reporter: Reporter): boolean {
  const { source, relation, mode } = head;
  if (mode === 'now') return true;
  const written = mode === 'next' || mode === 'async' ? `\`@${mode}\`` : `\`${mode}\``;
  const trigger =
    mode === 'next' || mode === 'async'
      ? `${relation.name}(...)@${mode}`
      : `${mode} ${relation.name}(...)`;
  reporter.error('TRL0407', source.span, `${written} needs a body that says when`, {
    help: `write \`${trigger} :- boot(_);\` for something done once at start`,
  });
  return false;
}

function refuse(head: HeadDraft, form: Form): Refusal | null {
  const { relation } = head;
  switch (relation.kind) {
    case 'lattice':
      return refuseLattice(head, form);
    case 'table':
      return form === 'async' && relation.location === null ? refuseAsync(head) : null;
    case 'scratch':
    case 'output':
    case 'view':
      return refuseTransient(head, form);
    case 'static':
      return form === 'fact' || form === 'now'
        ? refuseBuiltinStatic(relation)
        : refuseStatic(head, form);
    case 'input':
    case 'periodic':
      return refuseSource(relation);
    case 'channel':
    case 'loopback':
      return form === 'async' ? null : refuseMessage(head, form);
  }
}

function refuseLattice({ relation }: HeadDraft, form: Form): Refusal | null {
  const { name } = relation;
  if (form === 'async') {
    return {
      message: `\`@async\` sends a tuple to the node in its \`@\` column, but the lattice \`${name}\` has none`,
      help: `send the value over a channel with a lattice column and merge it there: \`${name}(v) :- message(_, v);\``,
    };
  }
  if (form !== 'delete' && form !== 'upsert') return null;
  return {
    message: `\`${form}\` takes something away, but the lattice \`${name}\` only grows`,
    help: `keep the value in a table with a lattice column (\`table ${name}(key: string => value: ...);\`), where a key can be deleted and replaced`,
  };
}

function refuseBuiltinStatic({ name, builtin }: RelationDraft): Refusal | null {
  if (builtin === null) return null;
  return {
    message: `\`${name}\` is built in: the system fills it, and rules only read it`,
    help: 'derive a relation of your own',
  };
}

function endOf({ source }: HeadDraft): Span {
  return { ...source.span, start: source.span.end };
}

/** The span of `@next` or `@async` is the tail of the head. */
function withoutTime(head: HeadDraft): Fix {
  const { source } = head;
  const text = source.span.file.text.slice(source.span.start, source.span.end);
  const at = text.lastIndexOf('@');
  return {
    title: `leave out \`@${source.time}\``,
    edits: [{ span: { ...source.span, start: source.span.start + Math.max(at, 0) }, text: '' }],
  };
}

function refuseAsync(head: HeadDraft): Refusal {
  const { name, kind } = head.relation;
  return {
    message: `\`@async\` sends a tuple to the node in its \`@\` column, but ${kindPhrase(kind)} like \`${name}\` without one has no node to send to`,
    help: `declare \`channel ${name}(@to: addr, ...);\` or \`loopback ${name}(...);\`, or mark a column of the table with \`@\``,
  };
}

function refuseTransient(head: HeadDraft, form: Form): Refusal | null {
  const { name, kind } = head.relation;
  if (form === 'async') {
    return {
      message: `\`@async\` sends a message, but \`${name}\` is ${kindPhrase(kind)}: it holds what its own node derives`,
      help: `declare \`channel ${name}(@to: addr, ...);\` or \`loopback ${name}(...);\`, or derive it at this node with \`:-\``,
      fix: { ...withoutTime(head), title: 'derive it at this node' },
    };
  }
  if (form !== 'delete' && form !== 'upsert') return null;
  const holds = kind === 'scratch' ? 'A scratch' : kind === 'output' ? 'An output' : 'A view';
  return {
    message: `\`${form}\` changes what is stored, but \`${name}\` is not stored. ${holds} holds only in the timestep that derives it`,
    help: `declare \`table ${name}(...);\`, or ${form === 'delete' ? 'make the rules that derive it more selective' : 'derive it with `:-`'}`,
  };
}

function refuseStatic(head: HeadDraft, form: Form): Refusal {
  const { name } = head.relation;
  return {
    message: `\`${name}\` is static: it is given at start and never changes, so ${form === 'next' || form === 'async' ? `\`@${form}\`` : `\`${form}\``} cannot apply`,
    help: `declare \`table ${name}(...);\` if it changes`,
  };
}

function refuseSource({ name, kind, builtin }: RelationDraft): Refusal {
  if (builtin !== null) {
    return {
      message: `\`${name}\` is built in: its tuples are events from outside, and rules only read it`,
      help: 'derive a relation of your own',
    };
  }
  if (kind === 'periodic') {
    return {
      message: `\`${name}\` is periodic: a timer fills it, and rules only read it`,
      help: 'derive another relation',
    };
  }
  return {
    message: `\`${name}\` is an input: its tuples come from outside, and rules only read it`,
    help: `derive another relation, or declare \`scratch ${name}(...);\` if rules make it, \`loopback ${name}(...);\` if the node sends it to itself`,
  };
}

function refuseMessage(head: HeadDraft, form: Form): Refusal {
  const { name, kind } = head.relation;
  const what =
    kind === 'channel'
      ? 'is a channel: its tuples are messages, which arrive'
      : 'is a loopback: its tuples arrive';
  if (form === 'fact') {
    return {
      message: `\`${name}\` ${what} in a later timestep, so it can have no facts`,
      help: `write \`${name}(...)@async :- boot(_);\` to send at start`,
    };
  }
  if (form === 'delete' || form === 'upsert') {
    return {
      message: `\`${name}\` ${what} and are gone after one timestep, so there is nothing to ${form}`,
      help: `store what arrives in a table, and ${form} there`,
    };
  }
  return {
    message: `\`${name}\` ${what} in a later timestep, so its heads are \`@async\``,
    help: `write \`${name}(...)@async\``,
    fix:
      form === 'now'
        ? { title: 'add `@async`', edits: [{ span: endOf(head), text: '@async' }] }
        : replaceTime(head),
  };
}

function replaceTime(head: HeadDraft): Fix {
  const [edit] = withoutTime(head).edits;
  return { title: 'write `@async`', edits: [{ span: edit!.span, text: '@async' }] };
}
