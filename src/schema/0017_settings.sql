-- What a shop sets by itself: its places, its days, taxes that change on a day, how numbers are
-- written, colours, terms, words of messages, alloys of its own.

create table location (
    id @id,
    name @text not null check (name <> ''),
    kind @text not null default 'store' check (kind in ('store', 'workshop')),
    address @text, -- null: the shop's
    phone @text,
    own_hours @int not null default 0 check (own_hours in (0, 1)), -- else the shop's
    main @int not null default 0 check (main in (0, 1)),
    archived_at @int,
    version @int not null default 1,
    created_at @int not null,
    check (main = 0 or archived_at is null)
) @strict;
create unique index location_main on location (main) where main = 1;
create unique index location_name on location (name) where archived_at is null;
insert into location (name, main, created_at) select name, 1, created_at from shop;

create table location_opening (
    location @int not null references location (id),
    weekday @int not null check (weekday between 0 and 6),
    opens @int not null check (opens between 0 and 1439),
    closes @int not null check (closes between 1 and 1440),
    primary key (location, weekday),
    check (opens < closes)
) @strict;

-- Where somebody works: the location of the jobs they take in.
create table staff_location (
    staff @int primary key references staff (id),
    location @int not null references location (id)
) @strict;

alter table job add column location @int references location (id);
update job set location = (select id from location where main = 1);

-- Days with hours of their own: Christmas Eve until noon, a Sunday before it.
create table special_day (
    day @text primary key check (length(day) = 10),
    opens @int not null check (opens between 0 and 1439),
    closes @int not null check (closes between 1 and 1440),
    reason @text,
    check (opens < closes)
) @strict;

-- Both days included; null: from ever, for ever.
alter table tax add column from_day @text check (from_day is null or length(from_day) = 10);
alter table tax add column until_day @text check (until_day is null or length(until_day) = 10);

-- How the numbers of a series are written. What was issued keeps what stood on it: `label`.
create table numbering (
    series @text primary key check (series in ('job', 'quote', 'invoice', 'receipt')),
    prefix @text not null default '',
    digits @int not null default 1 check (digits between 1 and 9),
    year @int not null default 0 check (year in (0, 1))
) @strict;
insert into numbering (series, prefix, digits) values
    ('job', '#', 6), ('quote', 'Q', 4), ('invoice', '', 1), ('receipt', '', 1);
alter table invoice add column label @text; -- null: issued before labels were kept
alter table payment add column label @text;
alter table quote add column label @text;

-- "#17493d"; null: Benchpin's own.
alter table shop add column brand @text check (brand is null or length(brand) = 7);
alter table shop add column shell @text check (shell is null or length(shell) = 7);
alter table shop add column accent @text check (accent is null or length(accent) = 7);
alter table shop add column deposit_terms @text;
alter table shop add column repair_terms @text;
alter table shop add column retention_terms @text;

-- What the shop changed of a template of Benchpin's (`code` = `base`), its own ones made after one
-- (`base` another's code), and its usual work for repairs (no base). Null: as the base has it.
create table job_template (
    code @text primary key check (code <> ''),
    base @text,
    name @text not null check (name <> ''),
    type @text not null,
    about @text,
    position @int not null,
    ring_size @int check (ring_size > 0),
    band_width @int check (band_width > 0),
    band_thickness @int check (band_thickness > 0),
    profile @text,
    carats @int check (carats > 0),
    setting @text,
    accent_size @int check (accent_size > 0),
    accent_setting @text,
    cad_minutes @int check (cad_minutes >= 0),
    mounting_minutes @int check (mounting_minutes >= 0),
    price @int check (price >= 0), -- of usual work, with tax
    archived_at @int,
    version @int not null default 1,
    created_at @int not null
) @strict;

-- With rows these are done, else what the base's rules say.
create table job_template_operation (
    template @text not null references job_template (code),
    position @int not null,
    craft @text not null,
    kind @text not null check (kind in ('work', 'vendor', 'quality', 'customer')),
    name @text not null check (name <> ''),
    minutes @int not null default 0 check (minutes >= 0),
    lead_days @int not null default 0 check (lead_days >= 0),
    primary key (template, position)
) @strict;

-- What is said beside the e-mails in the shop's own language (message_template): text messages, and
-- other languages. Language '': the shop's.
create table message_text (
    kind @text not null,
    channel @text not null check (channel in ('email', 'sms')),
    language @text not null default '',
    subject @text not null default '',
    body @text not null check (body <> ''),
    version @int not null default 1,
    primary key (kind, channel, language)
) @strict;
