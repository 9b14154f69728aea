import { Empty } from '../components/states';
import { Tokens } from '../components/tokens';
import { Users } from '../components/users';
import { useTitle } from '../lib/title';
import { can, me } from '../state/store';

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
