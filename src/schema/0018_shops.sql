-- Copies of the whole shop that its owner asked for. The file of one that is ready lies beside the
-- attachments until it expires.

create table export (
    id @id,
    state @text not null check (state in ('waiting', 'running', 'ready', 'failed', 'gone')),
    asked_at @int not null,
    staff @int references staff (id),
    staff_name @text not null,
    beat_at @int,                 -- when whoever makes it last said that it is at it
    share @int not null default 0 check (share between 0 and 100),
    bytes @int,
    fault @text,
    ended_at @int,
    expires_at @int
) @strict;
create index export_open on export (id) where state in ('waiting', 'running', 'ready');
