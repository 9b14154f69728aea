-- When the card was last seen in the channel: posted, edited, or looked at.
alter table card add column seen_at timestamptz;
