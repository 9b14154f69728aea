import { useState } from 'preact/hooks';
import { call, sentence } from '../api/http';
import type { Me } from '../api/types';
import { Fault } from '../components/fault';
import { Card } from '../components/states';
import { notify } from '../components/toasts';
import { useTitle } from '../lib/title';
import { me } from '../state/store';

/** One's own password. */
export function AccountPage() {
  useTitle('Change the password');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [fault, setFault] = useState('');
  const differs = again.length > 0 && password !== again;
  const save = async (e: Event) => {
    e.preventDefault();
    if (differs) return;
    try {
      await call('PUT', '/api/v1/me/password', { current, password });
      setCurrent('');
      setPassword('');
      setAgain('');
      setFault('');
      notify('ok', 'Your password is changed.');
      me.value = (await call('GET', '/bff/me')) as Me;
    } catch (failed) {
      setFault(sentence(failed));
    }
  };
  return (
    <div class="page narrow-page">
      <h1>Change the password</h1>
      <Card>
        <form class="form" onSubmit={save}>
          <input
            class="visually-hidden"
            type="text"
            autoComplete="username"
            value={me.value?.name ?? ''}
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          <label>
            Current password
            <input
              class="field"
              type="password"
              required
              autoComplete="current-password"
              value={current}
              onInput={(e) => setCurrent(e.currentTarget.value)}
            />
          </label>
          <label>
            New password
            <input
              class="field"
              type="password"
              required
              minLength={12}
              autoComplete="new-password"
              value={password}
              onInput={(e) => setPassword(e.currentTarget.value)}
            />
            <span class="hint">At least 12 characters. A few words in a row are easy to remember.</span>
          </label>
          <label>
            New password, again
            <input
              class="field"
              type="password"
              required
              autoComplete="new-password"
              aria-invalid={differs}
              value={again}
              onInput={(e) => setAgain(e.currentTarget.value)}
            />
            {differs && <span class="fault">The two are not the same.</span>}
          </label>
          <Fault text={fault} />
          <div class="actions">
            <button type="submit" class="button primary" disabled={differs}>
              Change the password
            </button>
          </div>
        </form>
      </Card>
    </div>
  );
}
