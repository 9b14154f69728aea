/** The part of Markdown that annotations use, as a tree; whoever shows it makes elements of it, never HTML from text. */

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'code'; text: string }
  | { type: 'strong' | 'em'; children: Inline[] }
  | { type: 'link'; href: string; children: Inline[] };

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; children: Inline[] }
  | { type: 'quote'; children: Inline[] }
  | { type: 'list'; ordered: boolean; items: Inline[][] }
  | { type: 'code'; text: string };

const MAX_DEPTH = 6;

export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ type: 'paragraph', children: parseInline(paragraph.join('\n')) });
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/.exec(line);
    if (line.startsWith('```')) {
      flush();
      const code: string[] = [];
      while (++i < lines.length && !lines[i]!.startsWith('```')) code.push(lines[i]!);
      blocks.push({ type: 'code', text: code.join('\n') });
    } else if (item) {
      flush();
      const ordered = item[1] !== undefined;
      const last = blocks.at(-1);
      const content = parseInline(item[2]!);
      if (last?.type === 'list' && last.ordered === ordered) last.items.push(content);
      else blocks.push({ type: 'list', ordered, items: [content] });
    } else if (/^#{1,6}\s/.test(line)) {
      flush();
      blocks.push({ type: 'heading', children: parseInline(line.replace(/^#+\s+/, '')) });
    } else if (line.startsWith('> ')) {
      flush();
      blocks.push({ type: 'quote', children: parseInline(line.slice(2)) });
    } else if (line.trim() === '') {
      flush();
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return blocks;
}

/** A backslash before punctuation of ASCII takes its meaning; before anything else it is a backslash. */
const ESCAPED = /\\([!-/:-@[-`{-~])/;
const unescaped = (text: string) => text.replace(new RegExp(ESCAPED, 'g'), '$1');
const INLINE = new RegExp(
  [
    ESCAPED,
    /`([^`\n]+)`/,
    /\*\*((?:\\.|[^*\n\\])+)\*\*/,
    /(?<![\w*])[*_]((?:\\.|[^*_\n\\])+)[*_](?![\w*])/,
    /\[((?:\\.|[^\]\n\\])+)\]\(([^)\s]+)\)/,
    /(https?:\/\/[^\s<>()]+[^\s<>().,;:!?])/,
  ]
    .map((part) => part.source)
    .join('|'),
);

/** The words of inline Markdown without its marks. */
export function plainText(all: readonly Inline[]): string {
  return all.map((i) => ('text' in i ? i.text : plainText(i.children))).join('');
}

export function parseInline(text: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let rest = text;
  while (rest) {
    const m = depth < MAX_DEPTH ? INLINE.exec(rest) : null;
    if (!m) {
      out.push({ type: 'text', text: rest });
      break;
    }
    if (m.index > 0) out.push({ type: 'text', text: rest.slice(0, m.index) });
    const [all, escaped, code, strong, em, label, target, bare] = m;
    if (escaped !== undefined) out.push({ type: 'text', text: escaped });
    else if (code !== undefined) out.push({ type: 'code', text: code });
    else if (strong !== undefined) out.push({ type: 'strong', children: parseInline(strong, depth + 1) });
    else if (em !== undefined) out.push({ type: 'em', children: parseInline(em, depth + 1) });
    else if (label !== undefined && target !== undefined) {
      // Only addresses that cannot run anything become links.
      const href = unescaped(target);
      if (/^(https?:\/\/|\/(?![/\\]))/i.test(href))
        out.push({ type: 'link', href, children: parseInline(label, depth + 1) });
      else out.push({ type: 'text', text: all });
    } else if (bare !== undefined) {
      const href = unescaped(bare);
      out.push({ type: 'link', href, children: [{ type: 'text', text: href }] });
    }
    rest = rest.slice(m.index + all.length);
  }
  return out;
}
