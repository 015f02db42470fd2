/**
 * The types of columns, variables and terms.
 *
 * `any` is the top: every value has it. `nat` is a part of `int`; `addr` (a node's name) and
 * `string` accept each other's literals but are otherwise told apart. `unknown` is the poison that
 * silences follow-up errors and stands for what inference has not determined.
 */
export type Type =
  | {
      readonly kind:
        | 'int'
        | 'nat'
        | 'float'
        | 'string'
        | 'bool'
        | 'bytes'
        | 'addr'
        | 'any'
        | 'null'
        | 'unknown';
    }
  | { readonly kind: 'tuple'; readonly items: readonly Type[] }
  | { readonly kind: 'list' | 'set'; readonly item: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  /** A tuple of lattice types is a lattice type as well. */
  | { readonly kind: 'lattice'; readonly name: string; readonly arguments: readonly Type[] };
