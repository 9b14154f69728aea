#!/bin/sh
# One role and one schema for each service. They share a password; what they cannot do is touch each other's tables.
set -eu
for role in ingest incident analysis chaos shop; do
  psql -v ON_ERROR_STOP=1 -v role="$role" -v secret="$POSTGRES_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
create role :"role" login password :'secret';
create schema :"role" authorization :"role";
SQL
done
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c 'revoke all on schema public from public'
