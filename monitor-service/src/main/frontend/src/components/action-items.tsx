import { useState } from 'preact/hooks';
import { call } from '../api/http';
import type { ActionItem } from '../api/types';
import { words } from '../lib/format';
import { dayOf, isOverdue, itemOrder } from '../lib/postmortem';
import { attempt } from '../state/actions';
import { can, now, readOnly } from '../state/store';
import { Dialog } from './dialog';
import { At, Status } from './marks';
import { TableScroll } from './table-scroll';

/** Action items as a table; those who may can close, reopen and edit them. */
export function ActionItemTable(props: { items: readonly ActionItem[]; onChange: () => void; linked?: boolean }) {
  const [editing, setEditing] = useState<ActionItem | null>(null);
  const may = can('respond') && !readOnly.value;
  const today = dayOf(now.value);
  const set = async (item: ActionItem, state: ActionItem['state']) => {
    await attempt('The action item was not changed', () =>
      call('PUT', `/bff/incident/api/v1/action-items/${item.id}`, { state }),
    );
    props.onChange();
  };
  return (
    <TableScroll label="Action items">
      <table class="table stacked">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Owner</th>
            <th scope="col">Due</th>
            <th scope="col">State</th>
            {may && (
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {props.items.toSorted(itemOrder).map((i) => (
            <tr key={i.id} class={i.state === 'OPEN' ? '' : 'over'}>
              <th scope="row">
                {i.text}
                {props.linked && (
                  <span class="small block">
                    <a href={`/incidents/${i.incident}/postmortem`}>#{i.number}</a>
                  </span>
                )}
              </th>
              <td data-label="owner">{i.owner ?? <span class="faint">Nobody yet</span>}</td>
              <td class="num" data-label="due">
                {i.due ? (
                  isOverdue(i, today) ? (
                    <Status tone="bad">
                      {i.due}
                      <span class="visually-hidden">, overdue</span>
                    </Status>
                  ) : (
                    i.due
                  )
                ) : (
                  <span class="faint">–</span>
                )}
              </td>
              <td>
                <Status tone={i.state === 'DONE' ? 'ok' : i.state === 'OPEN' ? 'info' : 'idle'} quiet>
                  {words(i.state)}
                </Status>
                {i.closedAt && (
                  <span class="faint small block">
                    <At iso={i.closedAt} />
                  </span>
                )}
              </td>
              {may && (
                <td class="right">
                  <span class="actions">
                    {i.state === 'OPEN' ? (
                      <>
                        <button type="button" class="button small" onClick={() => void set(i, 'DONE')}>
                          Done
                        </button>
                        <button type="button" class="button small" onClick={() => setEditing(i)}>
                          Edit…
                        </button>
                      </>
                    ) : (
                      <button type="button" class="button small" onClick={() => void set(i, 'OPEN')}>
                        Open again
                      </button>
                    )}
                  </span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {editing && (
        <ItemForm
          title="Edit the action item"
          item={editing}
          onClose={() => setEditing(null)}
          send={(body) => call('PUT', `/bff/incident/api/v1/action-items/${editing.id}`, body)}
          onDrop={() => void set(editing, 'DROPPED').then(() => setEditing(null))}
          onDone={() => {
            setEditing(null);
            props.onChange();
          }}
        />
      )}
    </TableScroll>
  );
}

/** Text, owner and day of an item. */
export function ItemForm(props: {
  title: string;
  item: ActionItem | null;
  send: (body: { text: string; owner: string; due: string }) => Promise<unknown>;
  onClose: () => void;
  onDone: () => void;
  onDrop?: () => void;
}) {
  const [text, setText] = useState(props.item?.text ?? '');
  const [owner, setOwner] = useState(props.item?.owner ?? '');
  const [due, setDue] = useState(props.item?.due ?? '');
  const [busy, setBusy] = useState(false);
  const submit = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    const done = await attempt('The action item was not saved', async () => {
      await props.send({ text: text.trim(), owner: owner.trim(), due });
      return true;
    });
    setBusy(false);
    if (done) props.onDone();
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form class="form" onSubmit={submit}>
        <label>
          What is to be done
          <textarea
            class="field"
            required
            autoFocus
            maxLength={2000}
            value={text}
            onInput={(e) => setText(e.currentTarget.value)}
          />
        </label>
        <div class="form-row">
          <label>
            Owner
            <input class="field" maxLength={200} value={owner} onInput={(e) => setOwner(e.currentTarget.value)} />
          </label>
          <label>
            Due
            <input class="field" type="date" value={due} onInput={(e) => setDue(e.currentTarget.value)} />
          </label>
        </div>
        <div class="actions">
          {props.onDrop && (
            <button type="button" class="button ghost danger-quiet" onClick={props.onDrop}>
              Drop it
            </button>
          )}
          <span class="spring" />
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || !text.trim()}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
