/** Names that an address can carry as they are. Servers refuse `%2F` in a path, and browsers resolve dots. */
const PLAIN = /^(?!\.+$)[\w.~-]+$/;

/** The address of the page of a service in an environment, whatever characters their names have. */
export function servicePath(env: string, name: string): string {
  return PLAIN.test(env) && PLAIN.test(name)
    ? `/services/${env}/${name}`
    : `/services?${new URLSearchParams({ env, name })}`;
}
