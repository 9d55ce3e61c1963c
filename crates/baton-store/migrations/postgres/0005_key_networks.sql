-- From which networks keys hold, as CIDRs with commas between; empty is from everywhere.
alter table api_key add column networks text not null default '';
alter table source add column networks text not null default '';
-- When a key was last used, to the hour or so.
alter table api_key add column last_used_at bigint;
