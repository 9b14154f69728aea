import { useState } from 'preact/hooks';
import { call, isRecord, itemsOf, sentence } from '../api/http';
import type { User } from '../api/types';
import { words } from '../lib/format';
import { useLoad } from '../lib/load';
import { me } from '../state/store';
import { Dialog } from './dialog';
import { Fault } from './fault';
import { Ago, Status } from './marks';
import { Secret } from './secret';
import { Card, Failed, Skeleton } from './states';
import { TableScroll } from './table-scroll';
import { notify } from './toasts';

const ROLES = ['VIEWER', 'RESPONDER', 'SRE', 'ADMIN'] as const;
const ROLE_HINT: Record<string, string> = {
  VIEWER: 'looks',
  RESPONDER: 'works on incidents',
  SRE: 'runs experiments too',
  ADMIN: 'manages people and tokens too',
};
const roleWord = (role: string) => (role === 'SRE' ? role : words(role));

/** The people who may log in, and their roles. */
export function Users() {
  const users = useLoad(async () => itemsOf<User>(await call('GET', '/api/v1/users')), []);
  const [adding, setAdding] = useState(false);
  const [resetting, setResetting] = useState<User | null>(null);
  const change = async (name: string, body: Record<string, unknown>) => {
    try {
      await call('PUT', `/api/v1/users/${encodeURIComponent(name)}`, body);
      notify('ok', `${name} is changed.`);
    } catch (e) {
      notify('bad', `${name} was not changed: ${sentence(e)}`);
    }
    users.reload();
  };
  return (
    <Card
      title="People"
      class="flush"
      aside={
        <button type="button" class="button small" onClick={() => setAdding(true)}>
          Add a person…
        </button>
      }
    >
      {users.error && !users.data ? (
        <Failed what="The people cannot be read" error={users.error} retry={users.reload} />
      ) : !users.data ? (
        <Skeleton rows={3} label="Loading the people" />
      ) : (
        <TableScroll label="People">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Role</th>
                <th scope="col">State</th>
                <th scope="col">Last login</th>
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {users.data.map((u) => (
                <tr key={u.name}>
                  <th scope="row">
                    <strong>{u.name}</strong>
                  </th>
                  <td>
                    <select
                      class="field"
                      aria-label={`Role of ${u.name}`}
                      value={topRole(u.roles)}
                      disabled={u.name === me.value?.name}
                      onChange={(e) => void change(u.name, { roles: [e.currentTarget.value] })}
                    >
                      {ROLES.map((r) => (
                        <option key={r} value={r}>
                          {roleWord(r)}
                        </option>
                      ))}
                    </select>
                  </td>
                  <td>
                    {u.disabled ? (
                      <Status tone="idle">Disabled</Status>
                    ) : u.mustChangePassword ? (
                      <Status tone="warn">New password due</Status>
                    ) : (
                      <Status tone="ok">Active</Status>
                    )}
                  </td>
                  <td>{u.lastLoginAt ? <Ago iso={u.lastLoginAt} /> : <span class="faint">Never</span>}</td>
                  <td class="right">
                    {u.name !== me.value?.name && (
                      <span class="actions">
                        <button type="button" class="button small" onClick={() => setResetting(u)}>
                          New password…
                        </button>
                        <button
                          type="button"
                          class="button small"
                          onClick={() => void change(u.name, { disabled: !u.disabled })}
                        >
                          {u.disabled ? 'Enable' : 'Disable'}
                        </button>
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {adding && (
        <AddUser
          onClose={() => {
            setAdding(false);
            users.reload();
          }}
        />
      )}
      {resetting && (
        <ResetPassword
          user={resetting}
          onClose={() => {
            setResetting(null);
            users.reload();
          }}
        />
      )}
    </Card>
  );
}

function ResetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const [shown, setShown] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  if (shown !== null) return <Secret title={`New password of ${user.name}`} secret={shown} onClose={onClose} />;
  const reset = async () => {
    setBusy(true);
    try {
      const made = await call('POST', `/api/v1/users/${encodeURIComponent(user.name)}/password`);
      if (isRecord(made) && typeof made['password'] === 'string') setShown(made['password']);
      else onClose();
    } catch (failed) {
      setFault(sentence(failed));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`New password for ${user.name}`} onClose={onClose}>
      <p>
        A password is made and shown once, for you to hand over. The old one ends now, with every session of {user.name}
        ; the new one has to be changed at the next login.
      </p>
      <Fault text={fault} />
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button primary" disabled={busy} onClick={() => void reset()}>
          Make one
        </button>
      </div>
    </Dialog>
  );
}

export function topRole(roles: readonly string[]): string {
  const bare = roles.map((r) => r.replace(/^ROLE_/, ''));
  return ROLES.findLast((r) => bare.includes(r)) ?? 'VIEWER';
}

function AddUser({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<string>('RESPONDER');
  const [fault, setFault] = useState('');
  const [shown, setShown] = useState<string | null>(null);
  if (shown !== null) return <Secret title={`First password of ${name}`} secret={shown} onClose={onClose} />;
  return (
    <Dialog title="Add a person" onClose={onClose}>
      <form
        class="form"
        onInput={() => setFault('')}
        onSubmit={async (e) => {
          e.preventDefault();
          setFault('');
          try {
            const made = await call('POST', '/api/v1/users', { name, password: password || null, roles: [role] });
            notify('ok', `${name} can log in.`);
            if (isRecord(made) && typeof made['password'] === 'string') setShown(made['password']);
            else onClose();
          } catch (failed) {
            setFault(sentence(failed));
          }
        }}
      >
        <label>
          Name
          <input
            class="field"
            required
            autoFocus
            autoComplete="off"
            maxLength={64}
            pattern="[a-z0-9][a-z0-9._@\-]*"
            value={name}
            onInput={(e) => setName(e.currentTarget.value)}
          />
          <span class="hint">Small letters, digits, dot, dash, underscore, @.</span>
        </label>
        <label>
          First password
          <input
            class="field"
            type="password"
            minLength={12}
            autoComplete="new-password"
            value={password}
            onInput={(e) => setPassword(e.currentTarget.value)}
          />
          <span class="hint">
            At least 12 characters, or leave it empty and one is made. It has to be changed at the first login.
          </span>
        </label>
        <label>
          Role
          <select class="field" value={role} onChange={(e) => setRole(e.currentTarget.value)}>
            {ROLES.map((r) => (
              <option key={r} value={r}>
                {roleWord(r)}: {ROLE_HINT[r]}
              </option>
            ))}
          </select>
        </label>
        <Fault text={fault} />
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary">
            Add
          </button>
        </div>
      </form>
    </Dialog>
  );
}
