import { useState } from 'preact/hooks';
import { call, isRecord, itemsOf, sentence } from '../api/http';
import type { MachineToken, User } from '../api/types';
import { Dialog } from '../components/dialog';
import { Ago, At, Status } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { notify } from '../components/toasts';
import { words } from '../lib/format';
import { useLoad } from '../lib/load';
import { useTitle } from '../lib/title';
import { can, me } from '../state/store';

const ROLES = ['VIEWER', 'RESPONDER', 'SRE', 'ADMIN'] as const;
const ROLE_HINT: Record<string, string> = {
  VIEWER: 'looks',
  RESPONDER: 'works on incidents',
  SRE: 'runs experiments too',
  ADMIN: 'manages people and tokens too',
};
const roleWord = (role: string) => (role === 'SRE' ? role : words(role));
const SCOPES = ['ingest:write', 'read', 'respond', 'chaos', 'admin'] as const;

/** People and machine tokens. */
export function AdminPage() {
  useTitle('Admin');
  if (me.value && !can('admin')) {
    return (
      <Empty icon="admin" title="This page needs the role ADMIN">
        Ask an administrator. Your roles: {me.value.roles.join(', ')}.
      </Empty>
    );
  }
  return (
    <div class="page">
      <h1>Admin</h1>
      <Users />
      <Tokens />
    </div>
  );
}

function Users() {
  const users = useLoad(async () => itemsOf<User>(await call('GET', '/api/v1/users')), []);
  const [adding, setAdding] = useState(false);
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
        <div class="table-scroll">
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
                      <button
                        type="button"
                        class="button small"
                        onClick={() => void change(u.name, { disabled: !u.disabled })}
                      >
                        {u.disabled ? 'Enable' : 'Disable'}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {adding && (
        <AddUser
          onClose={() => {
            setAdding(false);
            users.reload();
          }}
        />
      )}
    </Card>
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
  return (
    <Dialog title="Add a person" onClose={onClose}>
      <form
        class="form"
        onSubmit={async (e) => {
          e.preventDefault();
          try {
            await call('POST', '/api/v1/users', { name, password, roles: [role] });
            notify('ok', `${name} can log in.`);
            onClose();
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
            pattern="[a-z][a-z0-9._\-]{1,39}"
            value={name}
            onInput={(e) => setName(e.currentTarget.value)}
          />
          <span class="hint">Small letters, digits, dot, dash; 2 to 40 characters.</span>
        </label>
        <label>
          First password
          <input
            class="field"
            type="password"
            required
            minLength={12}
            autoComplete="new-password"
            value={password}
            onInput={(e) => setPassword(e.currentTarget.value)}
          />
          <span class="hint">At least 12 characters. It has to be changed at the first login.</span>
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
        {fault && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
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

function Tokens() {
  const tokens = useLoad(async () => itemsOf<MachineToken>(await call('GET', '/api/v1/tokens')), []);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<MachineToken | null>(null);
  const revoke = async (t: MachineToken) => {
    try {
      await call('DELETE', `/api/v1/tokens/${encodeURIComponent(t.id)}`);
      notify('ok', `${t.name} is revoked; every service knows within a minute.`);
    } catch (e) {
      notify('bad', `${t.name} was not revoked: ${sentence(e)}`);
    }
    setRevoking(null);
    tokens.reload();
  };
  return (
    <Card
      title="Machine tokens"
      class="flush"
      aside={
        <button type="button" class="button small" onClick={() => setCreating(true)}>
          Create a token…
        </button>
      }
    >
      {tokens.error && !tokens.data ? (
        <Failed what="The tokens cannot be read" error={tokens.error} retry={tokens.reload} />
      ) : !tokens.data ? (
        <Skeleton rows={3} label="Loading the tokens" />
      ) : tokens.data.length === 0 ? (
        <Empty icon="key" title="No machine tokens">
          Senders need one with the scope <code>ingest:write</code>.
        </Empty>
      ) : (
        <div class="table-scroll">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Scopes</th>
                <th scope="col">State</th>
                <th scope="col">Created</th>
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.data.map((t) => (
                <tr key={t.id}>
                  <th scope="row">
                    <strong>{t.name}</strong>
                  </th>
                  <td>
                    <span class="chips">
                      {t.scopes.map((s) => (
                        <span key={s} class="tag">
                          {s}
                        </span>
                      ))}
                    </span>
                  </td>
                  <td>
                    {t.revokedAt ? (
                      <Status tone="idle">Revoked</Status>
                    ) : (
                      <>
                        <Status tone="ok">Valid</Status>
                        {t.lastUsedAt && (
                          <span class="faint small block">
                            used <Ago iso={t.lastUsedAt} />
                          </span>
                        )}
                      </>
                    )}
                  </td>
                  <td class="num">
                    <At iso={t.createdAt} />
                  </td>
                  <td class="right">
                    {!t.revokedAt && (
                      <button type="button" class="button small danger-quiet" onClick={() => setRevoking(t)}>
                        Revoke…
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {creating && (
        <CreateToken
          onClose={() => {
            setCreating(false);
            tokens.reload();
          }}
        />
      )}
      {revoking && (
        <Dialog title={`Revoke ${revoking.name}`} onClose={() => setRevoking(null)}>
          <p>Whoever uses this token is refused within a minute. It cannot be taken back.</p>
          <div class="actions">
            <button type="button" class="button" onClick={() => setRevoking(null)}>
              Cancel
            </button>
            <button type="button" class="button danger" onClick={() => void revoke(revoking)}>
              Revoke
            </button>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

function CreateToken({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['ingest:write']);
  const [token, setToken] = useState<string | null>(null);
  const [fault, setFault] = useState('');
  const [copied, setCopied] = useState(false);
  if (token !== null) {
    return (
      <Dialog title={`The token ${name}`} onClose={onClose}>
        <p>
          <strong>Copy it now.</strong> It is not kept and cannot be shown again.
        </p>
        <code class="secret">{token}</code>
        <div class="actions">
          <button
            type="button"
            class="button"
            onClick={() =>
              navigator.clipboard.writeText(token).then(
                () => setCopied(true),
                () => setFault('Copying is not allowed here: select the text and copy it by hand.'),
              )
            }
          >
            {copied ? 'Copied' : 'Copy'}
          </button>
          <button type="button" class="button primary" onClick={onClose}>
            Done
          </button>
        </div>
        {fault && <p class="faint">{fault}</p>}
      </Dialog>
    );
  }
  return (
    <Dialog title="Create a machine token" onClose={onClose}>
      <form
        class="form"
        onSubmit={async (e) => {
          e.preventDefault();
          try {
            const made = await call('POST', '/api/v1/tokens', { name, scopes });
            setToken(isRecord(made) && typeof made['token'] === 'string' ? made['token'] : '');
            setFault('');
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
            maxLength={80}
            autoComplete="off"
            value={name}
            onInput={(e) => setName(e.currentTarget.value)}
          />
          <span class="hint">Who will use it, for example “prometheus of the shop”.</span>
        </label>
        <fieldset>
          <legend>Scopes</legend>
          <div class="checks">
            {SCOPES.map((s) => (
              <label key={s}>
                <input
                  type="checkbox"
                  checked={scopes.includes(s)}
                  onChange={(e) =>
                    setScopes(e.currentTarget.checked ? [...scopes, s] : scopes.filter((other) => other !== s))
                  }
                />
                <code>{s}</code>
              </label>
            ))}
          </div>
        </fieldset>
        {fault && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={scopes.length === 0}>
            Create
          </button>
        </div>
      </form>
    </Dialog>
  );
}
