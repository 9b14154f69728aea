-- Of each part's body, by CRC-32C: servers need not have checksums of their own, and a request that
-- was changed on disk must not be taken for what was sent. None in rows from before.
alter table write_log add column crc integer;
