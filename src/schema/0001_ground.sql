-- The ground floor: numbers, events, timers, repeats, who did what.
-- Types: @id a key that the database assigns, @int 64 bits, @text UTF-8 in byte order, @blob bytes.

create table sequence (
    name @text primary key,
    next @int not null check (next > 0)
) @strict;

create table event (
    id @id,
    kind @text not null,
    subject @int not null,
    actor @int not null,
    at @int not null,
    data @text
) @strict;

-- One row for each reaction that an event still has to set off. Gone when done.
create table reaction_due (
    event @int not null references event (id),
    reaction @text not null,
    subject @int not null,
    due @int not null,
    attempts @int not null default 0,
    fault @text,
    primary key (event, reaction)
) @strict;
create index reaction_due_when on reaction_due (due, event);
create index reaction_due_subject on reaction_due (subject, event);

create table timer (
    kind @text not null,
    subject @int not null,
    due @int not null,
    primary key (kind, subject)
) @strict;
create index timer_due on timer (due);

create table idempotency (
    owner @text not null,
    key @text not null,
    method @text not null,
    path @text not null,
    body_hash @text not null,
    status @int not null,
    location @text,
    flash @text,
    undo @text,
    json @text,
    created_at @int not null,
    primary key (owner, key)
) @strict;
create index idempotency_age on idempotency (created_at);
