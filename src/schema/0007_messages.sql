-- What is said to customers and vendors, and how it fared.

create table mail_settings (
    id @int primary key check (id = 1),
    host @text not null,
    port @int not null check (port between 1 and 65535),
    security @text not null check (security in ('none', 'starttls', 'tls')),
    user_name @text,
    password @text,
    from_name @text,
    from_address @text not null,
    ca_file @text,
    version @int not null default 1,
    updated_at @int not null
) @strict;

create table message_template (
    kind @text primary key, -- "confirmation", "progress", "ready", "appointment", "receipt", "quote", "vendor_request"
    enabled @int not null default 1 check (enabled in (0, 1)),
    subject @text not null,
    body @text not null,
    version @int not null default 1
) @strict;

create table message (
    id @id,
    kind @text not null,
    job @int references job (id),
    customer @int references customer (id),
    vendor @int references vendor (id),
    history @int references job_history (id), -- the move it tells of: an undo withdraws it
    to_name @text not null,
    to_address @text not null,
    subject @text not null,
    text @text not null,
    html @text not null,
    attach @text, -- "quote:12", "invoice:7", "receipt:3": made when it is sent
    state @text not null check (state in ('waiting', 'sending', 'sent', 'failed', 'uncertain', 'withdrawn')),
    message_id @text not null unique,
    send_after @int not null,
    attempts @int not null default 0,
    claimed_at @int,   -- by the sender that is at it
    committed_at @int, -- set just before the last byte goes out
    fault @text,
    reply @text,
    resend_of @int references message (id),
    created_at @int not null,
    sent_at @int,
    staff_name @text not null
) @strict;
create index message_due on message (send_after, id) where state in ('waiting', 'sending');
create index message_job on message (job, id);
create index message_trouble on message (id) where state in ('failed', 'uncertain');
create index message_resend on message (resend_of) where resend_of is not null;
create unique index message_once on message (kind, history) where history is not null and resend_of is null;

-- The stages whose reaching is told to the customer as progress. Ready has its own message.
create table progress_stage (stage @text primary key) @strict;
insert into progress_stage (stage) values ('cad'), ('setting');
