-- The transactional outbox. In order for each topic and key; seq is the order.
create table outbox (
    seq           bigint generated always as identity primary key,
    id            uuid        not null unique,
    topic         text        not null,
    key           text        not null,
    -- json, not jsonb: kept as it was written, and an escaped NUL in it is no error.
    payload       json        not null,
    trace         text,
    state         text        not null default 'WAITING' check (state in ('WAITING', 'DONE', 'DEAD')),
    attempt       integer     not null default 0,
    due_at        timestamptz not null default now(),
    -- While in the future, a worker is delivering the row; a worker that dies lets it pass.
    claimed_until timestamptz,
    last_error    text,
    created_at    timestamptz not null default now(),
    done_at       timestamptz
);

create index outbox_waiting on outbox (topic, key, seq) where state = 'WAITING';
create index outbox_done on outbox (done_at) where state = 'DONE';
create index outbox_dead on outbox (topic, seq) where state = 'DEAD';
