/** Fenced code blocks of a Markdown text, those inside lists too, for documentation that runs. */
export interface CodeBlock {
  /** First word after the fence, e.g. `bloom`. */
  readonly language: string;
  /** The rest of that line, e.g. a file name. */
  readonly argument: string;
  readonly text: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
}

export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: (Omit<CodeBlock, 'text'> & { indent: string; body: string[] }) | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^( *)```(\S*)\s*(.*)$/.exec(line);
    if (fence === null) open?.body.push(withoutIndent(line, open.indent));
    else if (open === null) {
      const [, indent = '', language = '', argument = ''] = fence;
      open = { indent, language, argument: argument.trim(), line: index + 1, body: [] };
    } else {
      blocks.push({
        language: open.language,
        argument: open.argument,
        line: open.line,
        text: open.body.join('\n') + '\n',
      });
      open = null;
    }
  }
  if (open !== null) throw new Error(`the code block at line ${open.line} is not closed`);
  return blocks;
}

/** A block in a list is indented as a whole: its fence says how far. */
function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}
