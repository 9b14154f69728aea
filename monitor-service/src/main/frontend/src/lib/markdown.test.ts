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
  it('ends with an unclosed code block', () => {
    expect(parseMarkdown('```\nabc')).toEqual([{ type: 'code', text: 'abc' }]);
  });
});
