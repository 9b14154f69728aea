#!/bin/sh
# One role and one schema for each service, each with a password of its own: no service can read another's tables.
set -eu
for role in ingest incident analysis chaos shop; do
  secret=$(printenv "WATCHTOWER_DB_PASSWORD_$(echo "$role" | tr a-z A-Z)")
  psql -v ON_ERROR_STOP=1 -v role="$role" -v secret="$secret" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
create role :"role" login password :'secret';
create schema :"role" authorization :"role";
SQL
done
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c 'revoke all on schema public from public'
