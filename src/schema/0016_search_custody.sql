-- Where every piece is: places, hand-overs, and the counts that compare them with what is there.

create table place (
    id @id,
    kind @text not null check (kind in ('customer', 'safe', 'shelf', 'tray', 'bench', 'courier', 'vendor')),
    name @text not null check (name <> ''),
    craftsman @int unique references craftsman (id), -- whose bench
    vendor @int unique references vendor (id),
    receives @int not null default 0 check (receives in (0, 1)), -- what is brought in goes here
    archived_at @int,
    version @int not null default 1,
    created_at @int not null,
    check ((kind = 'vendor') = (vendor is not null)),
    check (kind = 'bench' or craftsman is null),
    check (receives = 0 or (kind in ('safe', 'shelf', 'tray', 'bench') and archived_at is null))
) @strict;
create unique index place_receives on place (receives) where receives = 1;
create unique index place_customer on place (kind) where kind = 'customer';

-- The first one, and so number 1: indexes leave out what is with customers.
insert into place (kind, name, created_at) values ('customer', 'Customer', 0);
insert into place (kind, name, receives, created_at) values ('safe', 'Safe', 1, 0);
insert into place (kind, name, created_at) values ('shelf', 'Ready shelf', 0);
insert into place (kind, name, created_at) values ('courier', 'Courier', 0);
insert into place (kind, name, craftsman, created_at)
    select 'bench', name, id, 0 from craftsman where active = 1 order by name, id;

alter table job add column place @int references place (id); -- null: it never was anywhere
create index job_at_place on job (place, id) where place is not null and place <> 1;

-- Only ever appended. to_place is null when the first one is taken back.
create table hand_over (
    id @id,
    job @int not null references job (id),
    from_place @int references place (id),
    to_place @int references place (id),
    at @int not null,
    staff @int references staff (id),
    staff_name @text not null,
    whom @text, -- into whose hands
    note @text,
    way @text not null check (way in ('scan', 'hand', 'count', 'program', 'undo')),
    batch @int, -- the first one of those made by one scan
    undoes @int unique references hand_over (id),
    check (from_place is not null or to_place is not null),
    check (from_place <> to_place),
    check ((way = 'undo') = (undoes is not null))
) @strict;
create index hand_over_job on hand_over (job, id);
create index hand_over_batch on hand_over (batch, id) where batch is not null;

create table custody_count (
    id @id,
    place @int references place (id), -- null: every place in the house
    state @text not null check (state in ('open', 'closed')),
    started_at @int not null,
    staff @int references staff (id),
    staff_name @text not null,
    closed_at @int,
    closed_by @text,
    note @text,
    expected @int not null default 0, -- as it was closed
    seen @int not null default 0,
    missing @int not null default 0,
    elsewhere @int not null default 0, -- there, but written down for another place
    check ((state = 'closed') = (closed_at is not null))
) @strict;
create unique index custody_count_open on custody_count (coalesce(place, 0)) where state = 'open';

create table custody_count_row (
    count @int not null references custody_count (id),
    job @int not null references job (id),
    expected @int references place (id), -- where it stood when the count began; null: not among them
    seen_at @int,
    seen_place @int references place (id), -- null: not said
    staff_name @text,
    fate @text check (fate in ('seen', 'missing', 'elsewhere', 'moved')), -- as it was closed
    primary key (count, job),
    check (expected is not null or seen_at is not null)
) @strict;
create index custody_count_row_job on custody_count_row (job);
