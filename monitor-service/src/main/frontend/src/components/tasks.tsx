import { useState } from 'preact/hooks';
import type { Incident, Task, TaskState } from '../api/types';
import { drop, keep, kept } from '../lib/drafts';
import { parseInline, plainText } from '../lib/markdown';
import { change } from '../state/actions';
import { me } from '../state/store';
import { Icon } from './icon';
import { Inlines } from './markdown';
import { Ago } from './marks';
import { changeable } from './people';
import { Card } from './states';

/** Open ones first, each group in the order of making. */
export function taskOrder(tasks: readonly Task[]): Task[] {
  const rank: Record<TaskState, number> = { OPEN: 0, DONE: 1, CANCELLED: 2 };
  return tasks.toSorted((a, b) => rank[a.state] - rank[b.state] || a.createdAt.localeCompare(b.createdAt));
}

/** What is to be done now, while the incident lasts. */
export function Tasks({ incident }: { incident: Incident }) {
  const draft = `task.${incident.id}`;
  const [text, setText] = useState(() => kept(draft)?.text ?? '');
  const [busy, setBusy] = useState(false);
  if (!incident.tasks) return null;
  const may = changeable(incident);
  const open = incident.tasks.filter((t) => t.state === 'OPEN').length;
  const add = async (e: Event) => {
    e.preventDefault();
    if (!text.trim() || busy) return;
    setBusy(true);
    const done = await change(
      incident.id,
      'POST',
      'tasks',
      { text: text.trim(), assignee: null },
      'The task was not added',
    );
    setBusy(false);
    if (!done) return;
    setText('');
    drop(draft);
  };
  return (
    <Card title="Tasks" aside={open > 0 && <span class="faint small">{open} open</span>}>
      {incident.tasks.length === 0 && !may && <p class="faint">No tasks.</p>}
      <ul class="tasks">
        {taskOrder(incident.tasks).map((t) => (
          <Line key={t.id} incident={incident} task={t} may={may} />
        ))}
      </ul>
      {may && (
        <form class="annotate last" onSubmit={add}>
          <input
            class="field"
            aria-label="New task"
            placeholder="What has to be done?"
            maxLength={1000}
            value={text}
            onInput={(e) => {
              setText(e.currentTarget.value);
              keep(draft, e.currentTarget.value);
            }}
          />
          <button type="submit" class="button" disabled={busy || !text.trim()}>
            Add task
          </button>
        </form>
      )}
    </Card>
  );
}

function Line({ incident, task: t, may }: { incident: Incident; task: Task; may: boolean }) {
  const mine = me.value?.name;
  const text = parseInline(t.text);
  const set = (body: Partial<Task>) =>
    void change(incident.id, 'PUT', `tasks/${t.id}`, body, 'The task was not changed');
  return (
    <li class={t.state === 'OPEN' ? '' : 'over'}>
      <input
        type="checkbox"
        aria-label={`Done: ${plainText(text)}`}
        checked={t.state === 'DONE'}
        disabled={!may || t.state === 'CANCELLED'}
        onChange={(e) => set({ state: e.currentTarget.checked ? 'DONE' : 'OPEN' })}
      />
      <span class="grow">
        <Inlines all={text} />
        <span class="faint small block">
          {t.state === 'CANCELLED' && 'Cancelled · '}
          {t.assignee ?? 'Nobody yet'} · from {t.createdBy}, <Ago iso={t.doneAt ?? t.createdAt} />
        </span>
      </span>
      {may && t.state === 'OPEN' && mine && t.assignee !== mine && (
        <button type="button" class="button small" onClick={() => set({ assignee: mine })}>
          Take
        </button>
      )}
      {may && t.state === 'OPEN' && (
        <button
          type="button"
          class="button ghost icon-only"
          aria-label={`Cancel: ${plainText(text)}`}
          title="Cancel this task"
          onClick={() => set({ state: 'CANCELLED' })}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </li>
  );
}
