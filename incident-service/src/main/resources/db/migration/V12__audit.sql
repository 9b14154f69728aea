-- Who did what from where: one chain for the whole service.
create table audit_entry (
  seq bigint primary key check (seq > 0),
  at timestamptz not null,
  actor text not null check (length(actor) <= 200),
  remote text not null check (length(remote) <= 100),
  action text not null check (length(action) <= 300),
  subject text not null check (length(subject) <= 300),
  outcome text not null check (length(outcome) <= 100),
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$')
);
create index audit_of_actor on audit_entry (actor, seq desc);
create index audit_at on audit_entry (at);

-- The end of the chain: its row is the lock that gives the numbers out, and shows what was cut off.
create table audit_head (
  one boolean primary key default true check (one),
  seq bigint not null,
  hash text not null
);
insert into audit_head (seq, hash) values (0, repeat('0', 64));

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'restrict_violation';
end $$;
create trigger audit_append_only before update or delete on audit_entry
  for each row execute function refuse_audit_change();
create trigger audit_no_truncate before truncate on audit_entry
  for each statement execute function refuse_audit_change();
create trigger audit_head_stays before delete on audit_head
  for each row execute function refuse_audit_change();

create function check_audit_entry() returns trigger language plpgsql as $$
declare
  last audit_entry%rowtype;
begin
  select * into last from audit_entry order by seq desc limit 1;
  if new.seq <> coalesce(last.seq, 0) + 1
     or new.previous_hash <> coalesce(last.hash, repeat('0', 64)) then
    raise exception 'entry % does not continue the audit trail', new.seq
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger audit_entry_continues before insert on audit_entry
  for each row execute function check_audit_entry();
