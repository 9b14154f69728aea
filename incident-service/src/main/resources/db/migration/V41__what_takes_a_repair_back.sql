-- The catalog may say something else by the time a repair has not helped. The name of a command, or a
-- digest of an address, which is a secret. Null: nothing takes it back. Of lines under way before
-- this it is not known, so they are not taken back.
alter table remediation add column way_back text;
