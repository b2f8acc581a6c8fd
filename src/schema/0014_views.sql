-- Views on jobs: lists in any order, lists that people keep, lanes they fold, changes to many at once.

-- The orders in which the whole history is listed; what is open is few and sorted when asked for. The
-- expressions are those of the statements in jobs/job_list.c.
create index job_by_title on job (lower(title), id);
create index job_by_customer on job (lower(coalesce(customer_name, '~')), id);
create index job_by_promise on job (coalesce(promised_day, '9999'), id);
create index job_by_price on job (coalesce(final, quoted, -1), id);
create index job_by_created on job (created_at, id);
create index job_by_closed on job (coalesce(closed_at, 0), id);
create index job_archived_number on job (number, id) where archived_at is not null;
-- The calendar: what was promised for these days, and who comes.
create index job_promised on job (promised_day, id) where promised_day is not null and archived_at is null;

-- A list that somebody keeps: what stands behind "/jobs?".
create table job_view (
    id @id,
    staff @int not null references staff (id),
    name @text not null check (name <> ''),
    query @text not null,
    shared @int not null default 0 check (shared in (0, 1)),
    removed_at @int, -- may be brought back
    version @int not null default 1,
    created_at @int not null
) @strict;
create index job_view_staff on job_view (staff) where removed_at is null;
create index job_view_shared on job_view (id) where shared = 1 and removed_at is null;

-- What a person does with a view of their own or the shop's.
create table job_view_choice (
    staff @int not null references staff (id),
    view @int not null references job_view (id),
    unpinned @int not null default 0 check (unpinned in (0, 1)),
    first @int not null default 0 check (first in (0, 1)), -- what the list begins with
    primary key (staff, view)
) @strict;
create unique index job_view_first on job_view_choice (staff) where first = 1;

-- How a person looks at the board.
create table board_look (
    staff @int primary key references staff (id),
    compact @int not null default 0 check (compact in (0, 1)),
    lanes @text check (lanes in ('salesperson', 'priority'))
) @strict;
create table board_fold (
    staff @int not null references staff (id),
    kind @text not null,
    stage @text not null,
    primary key (staff, kind, stage),
    foreign key (kind, stage) references job_stage (kind, code)
) @strict;

-- One change to many jobs, and what each of them was before: for taking it back, and for saying which
-- could not be changed and why.
create table job_bulk (
    id @id,
    staff @int not null references staff (id),
    action @text not null check (action in ('salesperson', 'priority', 'promised', 'move', 'status', 'archive', 'restore')),
    value @text,
    at @int not null,
    undone_at @int
) @strict;
create index job_bulk_at on job_bulk (at);
create table job_bulk_row (
    bulk @int not null references job_bulk (id),
    job @int not null references job (id),
    was @text,     -- the value before
    history @int,  -- of a move: the row that is taken back
    fault @text,   -- why it could not be done, or be taken back
    primary key (bulk, job)
) @strict;
