// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it, vi } from 'vitest';
import { TableScroll } from './table-scroll';

it.each([
  [300, null, null],
  [301, '0', 'Windows'],
])('is a named stop for keys only where a table of %i px is wider than its place', async (width, stop, name) => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(300);
  vi.spyOn(HTMLElement.prototype, 'scrollWidth', 'get').mockReturnValue(width);
  const root = document.createElement('div');
  const table = (
    <TableScroll label="Windows">
      <table />
    </TableScroll>
  );
  await act(() => render(table, root));
  const box = root.firstElementChild!;
  expect(box.getAttribute('tabindex')).toBe(stop);
  expect(box.getAttribute('aria-label')).toBe(name);
  expect(box.getAttribute('role')).toBe(name && 'region');
  vi.restoreAllMocks();
});
