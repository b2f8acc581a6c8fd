-- The shop itself: one row, and what belongs to it.

create table shop (
    id @int primary key check (id = 1),
    name @text not null check (name <> ''),
    place @text,
    address @text,
    country @text not null check (length(country) = 2),
    currency @text not null check (length(currency) = 3),
    zone @text not null,
    language @text not null default 'en-GB',
    phone @text,
    email @text,
    website @text,
    tax_number @text,
    logo @text,
    terms @text,
    quote_terms @text,
    deposit_share @int not null default 5000 check (deposit_share between 0 and 10000),
    quote_days @int not null default 30 check (quote_days between 1 and 365),
    due_soon_days @int not null default 3 check (due_soon_days between 0 and 60),
    bench_buffer_days @int not null default 2 check (bench_buffer_days between 0 and 60),
    approval_days @int not null default 3 check (approval_days between 0 and 60),
    message_delay @int not null default 60 check (message_delay between 0 and 86400),
    enquiry_open @int not null default 1 check (enquiry_open in (0, 1)),
    auto_deposit @int not null default 1 check (auto_deposit in (0, 1)),
    auto_approval @int not null default 1 check (auto_approval in (0, 1)),
    auto_ready @int not null default 1 check (auto_ready in (0, 1)),
    auto_collected @int not null default 1 check (auto_collected in (0, 1)),
    demo @int not null default 0 check (demo in (0, 1)),
    version @int not null default 1,
    created_at @int not null
) @strict;

create table opening (
    weekday @int primary key check (weekday between 0 and 6),
    opens @int not null check (opens between 0 and 1439),
    closes @int not null check (closes between 1 and 1440),
    check (opens < closes)
) @strict;

create table closure (
    day @text primary key check (length(day) = 10),
    reason @text
) @strict;

create table tax (
    id @id,
    name @text not null check (name <> ''),
    rate @int not null check (rate between 0 and 10000),
    on_goods @int not null default 1 check (on_goods in (0, 1)),
    on_labour @int not null default 1 check (on_labour in (0, 1)),
    archived_at @int
) @strict;
