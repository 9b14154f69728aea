-- Nothing ever filled it: tokens are verified by each service on its own, so nobody knows of all uses.
alter table machine_token drop column last_used_at;
