-- Jobs: the vocabulary, the record, its history.

create table job_kind (code @text primary key) @strict;
insert into job_kind (code) values ('custom'), ('repair'), ('stock');

create table job_status (code @text primary key) @strict;
insert into job_status (code) values ('QN'), ('AVQ'), ('CR'), ('IP'), ('RP'), ('OH');

create table job_stage (
    kind @text not null references job_kind (code),
    code @text not null,
    position @int not null,
    progress @int not null,
    closed @int not null check (closed in (0, 1)),
    primary key (kind, code)
) @strict;
insert into job_stage (kind, code, position, progress, closed) values
    ('custom', 'enquiry', 1, 5, 0), ('custom', 'consultation', 2, 15, 0),
    ('custom', 'deposit_received', 3, 25, 0), ('custom', 'stone_sourcing', 4, 40, 0),
    ('custom', 'cad', 5, 55, 0), ('custom', 'approval', 6, 65, 0), ('custom', 'setting', 7, 80, 0),
    ('custom', 'polish', 8, 92, 0), ('custom', 'ready', 9, 100, 0), ('custom', 'collected', 10, 100, 1),
    ('custom', 'cancelled', 11, 0, 1), ('custom', 'on_hold', 12, 0, 0),
    ('repair', 'intake', 1, 10, 0), ('repair', 'assessed', 2, 25, 0), ('repair', 'quoted', 3, 40, 0),
    ('repair', 'approved', 4, 55, 0), ('repair', 'in_progress', 5, 75, 0), ('repair', 'ready', 6, 100, 0),
    ('repair', 'completed', 7, 100, 1), ('repair', 'cancelled', 8, 0, 1), ('repair', 'on_hold', 9, 0, 0),
    ('stock', 'intake', 1, 10, 0), ('stock', 'making', 2, 50, 0), ('stock', 'completed', 3, 100, 1),
    ('stock', 'cancelled', 4, 0, 1), ('stock', 'on_hold', 5, 0, 0);

-- Which statuses a stage may have. Closed stages have none.
create table stage_status (
    kind @text not null,
    stage @text not null,
    status @text not null references job_status (code),
    primary key (kind, stage, status),
    foreign key (kind, stage) references job_stage (kind, code)
) @strict;
insert into stage_status (kind, stage, status)
    select s.kind, s.code, t.code from job_stage s cross join job_status t
    where s.closed = 0 and s.code not in ('ready', 'on_hold') and t.code in ('QN', 'AVQ', 'CR', 'IP');
insert into stage_status (kind, stage, status)
    select kind, code, 'RP' from job_stage where code = 'ready';
insert into stage_status (kind, stage, status)
    select kind, code, 'OH' from job_stage where code = 'on_hold';

create table visit (
    id @id,
    number @int not null unique,
    customer @int references customer (id),
    staff @int references staff (id),
    at @int not null,
    source @text not null check (source in ('counter', 'web', 'api', 'import')),
    note @text
) @strict;
create index visit_customer on visit (customer, id);

create table job (
    id @id,
    number @int not null unique,
    reference @text not null unique check (length(reference) = 8),
    kind @text not null,
    stage @text not null,
    status @text,
    held_from @text,
    visit @int not null references visit (id),
    visit_position @int not null default 1,
    customer @int references customer (id),
    customer_name @text,
    customer_phone @text,
    customer_email @text,
    customer_address @text,
    customer_surname @text,     -- folded, for the tracking page
    customer_digits @text,      -- last four of the phone
    title @text not null check (title <> ''),
    type @text not null default 'ring',
    description @text,
    salesperson @int references staff (id),
    wanted_by @text,
    promised_day @text,
    promised_hour @int check (promised_hour between 0 and 1439),
    bench_day @text,
    priority @text not null default 'normal' check (priority in ('normal', 'rush')),
    budget @int check (budget >= 0),
    template @text,
    picture @int,
    quoted @int check (quoted >= 0),
    final @int check (final >= 0),
    deposit @int not null default 0, -- deposits less their refunds, of the ledger
    paid @int not null default 0,    -- everything received less refunds, of the ledger
    stage_at @int not null,
    ready_at @int,
    closed_at @int,
    archived_at @int,
    version @int not null default 1,
    created_at @int not null,
    updated_at @int not null,
    foreign key (kind, stage) references job_stage (kind, code),
    foreign key (kind, held_from) references job_stage (kind, code),
    foreign key (kind, stage, status) references stage_status (kind, stage, status),
    check ((status is null) = (stage in ('collected', 'completed', 'cancelled'))),
    check ((status is null) = (closed_at is not null)),
    check ((stage = 'on_hold') = (held_from is not null))
) @strict;
create index job_open on job (kind, id) where closed_at is null and archived_at is null;
-- The list by promised day: those without one come last.
create index job_due on job (coalesce(promised_day, '9999'), id) where closed_at is null and archived_at is null;
create index job_open_stage on job (kind, stage, id) where closed_at is null and archived_at is null;
create index job_customer on job (customer, id);
create index job_visit on job (visit);
create index job_archived on job (id) where archived_at is not null;
create index job_closed on job (kind, closed_at, id) where closed_at is not null;
create index job_ready on job (ready_at) where ready_at is not null and closed_at is null;

-- Folded words of the title and the customer's name, for finding.
create table job_word (
    job @int not null references job (id),
    word @text not null,
    primary key (job, word)
) @strict;
create index job_word_word on job_word (word, job);

-- One row for every entry into a stage; only ever appended.
create table job_history (
    id @id,
    job @int not null references job (id),
    from_stage @text,
    stage @text not null,
    status @text,
    at @int not null,
    staff @int references staff (id),
    staff_name @text not null,
    note @text,
    undoes @int unique references job_history (id),
    was_status @text, -- how the job was before, for undo
    was_held_from @text,
    was_stage_at @int,
    was_ready_at @int,
    was_closed_at @int
) @strict;
create index job_history_job on job_history (job, id);

create table job_comment (
    id @id,
    job @int not null references job (id),
    at @int not null,
    staff @int references staff (id),
    staff_name @text not null,
    text @text not null check (text <> '')
) @strict;
create index job_comment_job on job_comment (job, id);

create table job_file (
    id @id,
    job @int not null references job (id),
    file @text not null unique,
    kind @text not null check (kind in ('inspiration', 'vendor_drawing', 'cad', 'progress', 'finished', 'document')),
    mime @text not null,
    name @text not null,
    caption @text,
    stage @text not null,
    position @int not null,
    shared @int not null default 0 check (shared in (0, 1)),
    width @int,
    height @int,
    length @int not null,
    staff @int references staff (id),
    at @int not null,
    removed_at @int -- the bytes go a minute later, and the row with them
) @strict;
create index job_file_job on job_file (job, position, id);

create table specification (
    job @int primary key references job (id),
    template @text,
    alloy @text references alloy (code),
    weight @int check (weight >= 0),        -- milligrams in the finished piece
    gross @int check (gross >= 0),          -- milligrams to issue, with sprue and loss
    ring_size @int check (ring_size between 20000 and 100000),
    band_width @int check (band_width >= 0),
    band_thickness @int check (band_thickness >= 0),
    profile @text,
    setting @text,
    finish @text,
    engraving @text,
    cad @text,
    note @text,
    version @int not null default 1,
    updated_at @int not null
) @strict;

create table spec_stone (
    id @id,
    job @int not null references job (id),
    position @int not null,
    role @text not null,
    gem @text not null,
    shape @text not null,
    length @int not null check (length > 0),
    width @int not null check (width > 0),
    count @int not null check (count > 0),
    carats @int not null check (carats >= 0), -- all of them together
    quality @text,
    origin @text not null check (origin in ('natural', 'laboratory_grown', 'simulant')),
    treatment @text,
    report @text,
    setting @text,
    whose @text not null default 'shop' check (whose in ('shop', 'customer'))
) @strict;
create index spec_stone_job on spec_stone (job, position);

create table material (
    id @id,
    job @int not null references job (id),
    position @int not null,
    kind @text not null check (kind in ('metal', 'stone', 'finding')),
    name @text not null,
    alloy @text references alloy (code),
    gem @text,
    shape @text,
    length @int,
    width @int,
    quality @text,
    origin @text,
    quantity @int not null check (quantity > 0), -- milligrams, or pieces
    carats @int not null default 0,
    cost @int not null default 0 check (cost >= 0), -- minor units, for all of it
    state @text not null check (state in ('needed', 'reserved', 'to_order', 'ordered', 'consumed', 'customer')),
    item @int references stock_item (id),
    reserved @int not null default 0 check (reserved >= 0),
    vendor @int references vendor (id),
    expected_day @text
) @strict;
create index material_job on material (job, position);

create table operation (
    id @id,
    job @int not null references job (id),
    position @int not null,
    craft @text not null,
    name @text not null check (name <> ''),
    kind @text not null check (kind in ('work', 'vendor', 'quality', 'customer')),
    minutes @int not null default 0 check (minutes >= 0),
    lead_days @int not null default 0 check (lead_days >= 0),
    craftsman @int references craftsman (id),
    vendor @int references vendor (id),
    cost @int check (cost >= 0), -- what the vendor asks
    pinned @int not null default 0 check (pinned in (0, 1)),
    planned_start @int,
    planned_end @int,
    held @int not null default 0 check (held in (0, 1)), -- nobody else may have this time
    state @text not null default 'planned' check (state in ('planned', 'started', 'done', 'failed', 'skipped')),
    actual @int check (actual >= 0),
    started_at @int,
    ended_at @int,
    ended_by @int references staff (id),
    note @text,
    version @int not null default 1,
    check ((planned_start is null) = (planned_end is null)),
    check (planned_start <= planned_end)
) @strict;
create index operation_job on operation (job, position);
create index operation_booked on operation (craftsman, planned_end, planned_start, job)
    where held = 1 and state in ('planned', 'started');
create index operation_ahead on operation (craftsman, planned_end) where state in ('planned', 'started');

create table operation_after (
    operation @int not null references operation (id),
    after @int not null references operation (id),
    primary key (operation, after),
    check (operation <> after)
) @strict;
create index operation_after_after on operation_after (after);

create table flow_step (
    job @int not null references job (id),
    node @text not null,
    state @text not null check (state in ('waiting', 'done', 'failed', 'skipped')),
    outcome @text, -- which way a decision went: "in_stock", "to_source"
    detail @text,
    waits_on @text, -- who: "customer", "vendor", "staff"
    runs @int not null default 0,
    at @int not null,
    staff_name @text not null,
    primary key (job, node)
) @strict;
create index flow_step_node on flow_step (node, state);

create table flow_run (
    id @id,
    job @int not null references job (id),
    node @text not null,
    at @int not null,
    state @text not null check (state in ('waiting', 'done', 'failed', 'skipped')),
    outcome @text,
    detail @text,
    staff_name @text not null
) @strict;
create index flow_run_job on flow_run (job, id);

create table vendor_request (
    id @id,
    job @int not null references job (id),
    vendor @int not null references vendor (id),
    vendor_name @text not null,
    vendor_email @text not null,
    subject @text not null,
    body @text not null,
    needed_by @text,
    state @text not null check (state in ('sent', 'answered', 'cancelled')),
    message @int,
    at @int not null,
    staff @int references staff (id),
    answer_price @int check (answer_price >= 0),
    answer_days @int check (answer_days between 0 and 365),
    answer_note @text,
    answered_at @int,
    version @int not null default 1
) @strict;
create index vendor_request_job on vendor_request (job, id);
create index vendor_request_vendor on vendor_request (vendor, id);
create index vendor_request_open on vendor_request (id) where state = 'sent';

create table tracking_link (
    id @id,
    job @int not null references job (id),
    token_hash @text not null unique,
    created_at @int not null,
    revoked_at @int
) @strict;
create index tracking_link_job on tracking_link (job);

create table appointment (
    id @id,
    job @int not null references job (id),
    kind @text not null check (kind in ('pickup', 'consultation')),
    at @int not null,
    minutes @int not null default 15 check (minutes between 5 and 480),
    note @text,
    state @text not null default 'booked' check (state in ('booked', 'done', 'cancelled')),
    staff @int references staff (id),
    created_at @int not null,
    version @int not null default 1
) @strict;
create index appointment_job on appointment (job, at);
create index appointment_when on appointment (at) where state = 'booked';
