-- Webhooks: addresses of other programs that are told of what happens.

create table webhook (
    id @id,
    name @text not null check (name <> ''),
    url @text not null check (url <> ''),
    secret @text not null, -- base64; needed as it is, to sign with
    after_event @int not null, -- the last event that was looked at for it
    failing_since @int,    -- the first failure since the last success
    disabled_at @int,
    version @int not null default 1,
    created_at @int not null
) @strict;

create table webhook_kind (
    webhook @int not null references webhook (id),
    kind @text not null,
    primary key (webhook, kind)
) @strict;

create table webhook_delivery (
    id @id,
    webhook @int not null references webhook (id),
    event @int references event (id), -- null: a ping
    kind @text not null,
    state @text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    attempts @int not null default 0,
    due @int not null,
    answer_status @int, -- of HTTP; null: none came
    answer @text,       -- its beginning, or why there was none
    created_at @int not null,
    tried_at @int,
    unique (webhook, event)
) @strict;
create index webhook_delivery_due on webhook_delivery (due, id) where state = 'waiting';
create index webhook_delivery_log on webhook_delivery (webhook, id);
create index webhook_delivery_age on webhook_delivery (created_at) where state <> 'waiting';
