-- What is over is removed some day, the oldest first.
create index analyses_over on analyses (done_at) where done_at is not null;
