import { type Block, type Inline, parseMarkdown } from '../lib/markdown';

/** Markdown as elements. */
export function Markdown({ source }: { source: string }) {
  return (
    <div class="markdown">
      {parseMarkdown(source).map((b, i) => (
        <BlockOf key={i} block={b} />
      ))}
    </div>
  );
}

function BlockOf({ block }: { block: Block }) {
  switch (block.type) {
    case 'code':
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      );
    case 'list': {
      const items = block.items.map((item, i) => (
        <li key={i}>
          <Inlines all={item} />
        </li>
      ));
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'heading':
      return (
        <p>
          <strong>
            <Inlines all={block.children} />
          </strong>
        </p>
      );
    case 'quote':
      return (
        <blockquote>
          <Inlines all={block.children} />
        </blockquote>
      );
    default:
      return (
        <p>
          <Inlines all={block.children} />
        </p>
      );
  }
}

/** Markdown within a line. */
export function Inlines({ all }: { all: Inline[] }) {
  return (
    <>
      {all.map((i, k) => (
        <InlineOf key={k} inline={i} />
      ))}
    </>
  );
}

function InlineOf({ inline }: { inline: Inline }) {
  switch (inline.type) {
    case 'code':
      return <code>{inline.text}</code>;
    case 'strong':
      return (
        <strong>
          <Inlines all={inline.children} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inlines all={inline.children} />
        </em>
      );
    case 'link':
      return (
        <a href={inline.href} target="_blank" rel="noopener noreferrer nofollow">
          <Inlines all={inline.children} />
        </a>
      );
    default:
      return <>{inline.text}</>;
  }
}
