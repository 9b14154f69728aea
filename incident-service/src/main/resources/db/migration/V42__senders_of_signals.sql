-- Who sent a signal, as the token says. What was taken before has none.
alter table signal add column sender text;
