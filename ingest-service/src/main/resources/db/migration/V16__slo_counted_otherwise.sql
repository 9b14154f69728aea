-- An hour that is counted in another way stands beside the one that was counted before, so that an SLO
-- that is changed back has its history again.
alter table slo_hour drop constraint slo_hour_pkey;
create unique index slo_hour_counted on slo_hour (slo, hour, md5(expression));
