import { describe, expect, it } from 'vitest';
import { parseInline, parseMarkdown } from './markdown';

describe('markdown', () => {
  it('knows paragraphs, lists, quotes, headings and code', () => {
    const source = '# Plan\nfirst\nsecond\n\n- a\n- b\n1. c\n\n> said\n```\nx < y\n```';
    expect(parseMarkdown(source).map((b) => b.type)).toEqual(['heading', 'paragraph', 'list', 'list', 'quote', 'code']);
  });
  it('knows strong, emphasis, code and links', () => {
    expect(
      parseInline('**a** and *b* `c` [d](https://e)')
        .filter((i) => i.type !== 'text')
        .map((i) => i.type),
    ).toEqual(['strong', 'em', 'code', 'link']);
  });
  it('finds bare addresses without the full stop after them', () => {
    expect(parseInline('see https://a.b/c.')[1]).toMatchObject({ type: 'link', href: 'https://a.b/c' });
  });
  it('makes no link of what could run', () => {
    for (const bad of ['[x](javascript:alert)', '[x](data:text/html,1)', '[x](//evil.example)', '[x](JaVaScRiPt:1)']) {
      expect(parseInline(bad).every((i) => i.type === 'text')).toBe(true);
    }
  });
  it('keeps HTML as text', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([
      { type: 'paragraph', children: [{ type: 'text', text: '<img src=x onerror=alert(1)>' }] },
    ]);
  });
  it('leaves snake_case and unclosed marks alone', () => {
    expect(parseInline('error_rate and latency_p95 **open')).toEqual([
      { type: 'text', text: 'error_rate and latency_p95 **open' },
    ]);
  });
  it('takes the backslash from punctuation of ASCII, and what stands behind it as it is', () => {
    const shown = (source: string) =>
      parseInline(source)
        .map((i) => (i.type === 'text' ? i.text : `<${i.type}>`))
        .join('');
    expect(shown('error\\_rate of \\[shop\\] \\*\\*not bold\\*\\* \\`x\\` \\\\')).toBe(
      'error_rate of [shop] **not bold** `x` \\',
    );
    expect(shown('C:\\temp \\ä \\')).toBe('C:\\temp \\ä \\');
    expect(parseMarkdown('\\# no heading\n\n\\- no list')).toMatchObject([
      { type: 'paragraph' },
      { type: 'paragraph' },
    ]);
  });
  it('knows escapes within marks and addresses, and none within code', () => {
    expect(parseInline('**a\\*b**')).toEqual([
      {
        type: 'strong',
        children: [
          { type: 'text', text: 'a' },
          { type: 'text', text: '*' },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
    expect(parseInline('[a\\]b](https://e/x\\_y)')[0]).toMatchObject({ type: 'link', href: 'https://e/x_y' });
    expect(parseInline('https://e/x\\_y')[0]).toMatchObject({ type: 'link', href: 'https://e/x_y' });
    expect(parseInline('`a\\_b`')).toEqual([{ type: 'code', text: 'a\\_b' }]);
    expect(parseMarkdown('```\na\\_b\n```')).toEqual([{ type: 'code', text: 'a\\_b' }]);
    for (const bad of [
      '[x](\\//evil.example)',
      '[x](/\\/evil.example)',
      '[x](/\\\\evil.example)',
      '[x](javascript\\:1)',
    ])
      expect(parseInline(bad).every((i) => i.type === 'text')).toBe(true);
  });
  it('is not slow on a long text of escapes that never ends', () => {
    const text = `**${'\\!'.repeat(5000)}`;
    expect(parseInline(text).length).toBeGreaterThan(5000);
  });
  it('ends with an unclosed code block', () => {
    expect(parseMarkdown('```\nabc')).toEqual([{ type: 'code', text: 'abc' }]);
  });
});
