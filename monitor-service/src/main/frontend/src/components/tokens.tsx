import { useState } from 'preact/hooks';
import { call, isRecord, itemsOf, sentence } from '../api/http';
import type { MachineToken } from '../api/types';
import { useLoad } from '../lib/load';
import { Dialog } from './dialog';
import { Fault } from './fault';
import { At, Status } from './marks';
import { Secret } from './secret';
import { Card, Empty, Failed, Skeleton } from './states';
import { TableScroll } from './table-scroll';
import { notify } from './toasts';

const SCOPES = ['ingest:write', 'read', 'respond', 'chaos', 'admin'] as const;

/** The tokens of machines; each is shown once, when it is made. */
export function Tokens() {
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
        <TableScroll label="Machine tokens">
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
                  <td>{t.revokedAt ? <Status tone="idle">Revoked</Status> : <Status tone="ok">Valid</Status>}</td>
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
        </TableScroll>
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
  if (token !== null) return <Secret title={`The token ${name}`} secret={token} onClose={onClose} />;
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
            maxLength={64}
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
            autoComplete="off"
            value={name}
            onInput={(e) => setName(e.currentTarget.value)}
          />
          <span class="hint">
            Who will use it, for example prometheus-shop. Letters, digits, dot, dash, underscore.
          </span>
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
        <Fault text={fault} />
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
