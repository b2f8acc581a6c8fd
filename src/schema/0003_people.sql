-- Staff, their sessions and tokens, and who did what.

create table role (
    code @text primary key,
    rank @int not null
) @strict;
insert into role (code, rank) values ('owner', 4), ('manager', 3), ('sales', 2), ('bench', 1);

create table staff (
    id @id,
    name @text not null check (name <> ''),
    email @text not null unique check (email <> ''),
    role @text not null references role (code),
    password @text,
    theme @text not null default 'auto' check (theme in ('auto', 'light', 'dark')),
    active @int not null default 1 check (active in (0, 1)),
    version @int not null default 1,
    created_at @int not null
) @strict;

create table session (
    id @id,
    token_hash @text not null unique,
    staff @int not null references staff (id),
    created_at @int not null,
    used_at @int not null,
    expires_at @int not null,
    agent @text
) @strict;
create index session_staff on session (staff);
create index session_expires on session (expires_at);

create table api_token (
    id @id,
    staff @int not null references staff (id),
    name @text not null,
    token_hash @text not null unique,
    created_at @int not null,
    used_at @int,
    revoked_at @int
) @strict;
create index api_token_staff on api_token (staff);

-- Failed sign-ins by e-mail and by address: back-off.
create table sign_in_failure (
    key @text primary key,
    failures @int not null,
    until @int not null
) @strict;

create table audit (
    id @id,
    at @int not null,
    staff @int references staff (id),
    staff_name @text not null,
    action @text not null,
    thing @text not null,
    thing_id @int,
    detail @text
) @strict;
create index audit_thing on audit (thing, thing_id, id);

create table customer (
    id @id,
    name @text not null check (name <> ''),
    sort_name @text not null,
    address @text,
    ring_size @int check (ring_size between 20000 and 100000),
    note @text,
    consent_email @int not null default 0 check (consent_email in (0, 1)),
    consent_sms @int not null default 0 check (consent_sms in (0, 1)),
    consent_phone @int not null default 0 check (consent_phone in (0, 1)),
    consent_post @int not null default 0 check (consent_post in (0, 1)),
    archived_at @int,
    version @int not null default 1,
    created_at @int not null,
    updated_at @int not null
) @strict;
create index customer_sort on customer (sort_name, id) where archived_at is null;

create table customer_contact (
    id @id,
    customer @int not null references customer (id),
    position @int not null,
    kind @text not null check (kind in ('phone', 'email')),
    value @text not null check (value <> ''),
    found @text not null, -- phones: the digits of E.164; emails: folded
    label @text
) @strict;
create index customer_contact_customer on customer_contact (customer, position);
create index customer_contact_found on customer_contact (found);

-- Folded words of name, emails and phones (phones: every tail of at least four digits), for finding.
create table customer_word (
    word @text not null,
    customer @int not null references customer (id),
    primary key (word, customer)
) @strict;
create index customer_word_customer on customer_word (customer);
