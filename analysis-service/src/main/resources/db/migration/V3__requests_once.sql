-- Which analysis answers a request that has a key: one that is delivered twice is not made twice.
create table answered_requests (
  key         uuid primary key,
  analysis_id uuid not null references analyses (id) on delete cascade
);

create index answered_requests_of_analysis on answered_requests (analysis_id);
