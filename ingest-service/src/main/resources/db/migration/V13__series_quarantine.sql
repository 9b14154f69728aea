-- Rows of series that say nothing that could be used, kept for whoever repairs them by hand. Their
-- numbers are never given to other series.
create table series_quarantine (
  id bigint not null,
  labels text[],
  last_day integer,
  -- The series with the same labels that has their samples now; null where the samples cannot be
  -- read because nobody knows of what they are.
  same_as bigint,
  why text not null,
  found timestamptz not null default now()
);
