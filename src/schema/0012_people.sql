-- People and rights: invitations and forgotten passwords, a second factor, what a token may do, and
-- who changed what from what to what.

-- NULL: the shop's language. letters_off: single-letter keys are switched off.
alter table staff add column language @text check (language in ('en-GB', 'de-DE', 'fr-FR', 'ar'));
alter table staff add column letters_off @int not null default 0 check (letters_off in (0, 1));

-- Where from the person signed in.
alter table session add column address @text;

-- scopes: codes of permissions with blanks between them; NULL: all that the person may.
alter table api_token add column scopes @text;
alter table api_token add column read_only @int not null default 0 check (read_only in (0, 1));
alter table api_token add column expires_at @int;

-- A link that lets somebody set a password: an invitation, or a forgotten password. Only the hash of
-- its secret is kept, and the secret is made when the mail leaves: NULL until then.
create table account_link (
    id @id,
    kind @text not null check (kind in ('invitation', 'reset')),
    staff @int references staff (id), -- a reset: whose password; an invitation: who came of it
    name @text not null,
    email @text not null,
    role @text references role (code),
    token_hash @text unique,
    made_by @text not null,
    created_at @int not null,
    expires_at @int not null,
    sent_at @int,  -- when its secret was last made
    ended_at @int, -- used, withdrawn or replaced
    check (kind = 'invitation' or staff is not null),
    check (kind = 'reset' or role is not null)
) @strict;
create index account_link_open on account_link (kind, id) where ended_at is null;
create index account_link_staff on account_link (staff) where staff is not null;
create unique index account_link_invited on account_link (email)
    where kind = 'invitation' and ended_at is null;

-- A mail whose {secret} becomes a new link of this when it is sent.
alter table message add column account_link @int references account_link (id);

create table second_factor (
    staff @int primary key references staff (id),
    secret @text not null, -- sealed: accounts/seal.h
    created_at @int not null,
    confirmed_at @int, -- NULL: being set up, asked of nobody
    last_step @int     -- the newest time step that was taken: none is taken twice
) @strict;

create table recovery_code (
    staff @int not null references staff (id),
    code_hash @text not null,
    used_at @int,
    primary key (staff, code_hash)
) @strict;

-- Who gave the right password and still has to give a code.
create table sign_in_step (
    token_hash @text primary key,
    staff @int not null references staff (id),
    next @text,
    expires_at @int not null
) @strict;
create index sign_in_step_expires on sign_in_step (expires_at);
create index sign_in_step_staff on sign_in_step (staff);

-- Whom a second factor is asked of.
create table account_policy (
    id @int primary key check (id = 1),
    second_factor @text not null check (second_factor in ('nobody', 'leaders', 'everybody'))
) @strict;
insert into account_policy (id, second_factor) values (1, 'nobody');

-- The token by which it was done, and each field that changed.
alter table audit add column token @int references api_token (id);
create table audit_change (
    audit @int not null references audit (id),
    position @int not null,
    field @text not null,
    was @text,
    became @text,
    primary key (audit, position)
) @strict;
create index audit_at on audit (at, id);
create index audit_staff on audit (staff, at, id);
create index audit_thing_at on audit (thing, at, id);
create index audit_action on audit (action, at, id);
