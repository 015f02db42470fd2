/** Fenced code blocks of a Markdown text, for documentation that runs. */
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
  let open: { language: string; argument: string; line: number; body: string[] } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(\S*)\s*(.*)$/.exec(line);
    if (fence === null) open?.body.push(line);
    else if (open === null)
      open = { language: fence[1]!, argument: fence[2]!.trim(), line: index + 1, body: [] };
    else {
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
