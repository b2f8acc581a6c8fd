-- Quotes, payments, invoices. Money moves only by appending balanced entries.

create table quote (
    id @id,
    job @int not null references job (id),
    version @int not null,
    state @text not null check (state in ('draft', 'sent', 'accepted', 'declined', 'expired', 'superseded', 'void')),
    cost @int not null check (cost >= 0),
    subtotal @int not null check (subtotal >= 0), -- lines, before discount and tax
    discount @int not null default 0 check (discount >= 0),
    net @int not null check (net >= 0),
    tax @int not null check (tax >= 0),
    total @int not null check (total >= 0),
    deposit @int not null check (deposit >= 0),
    promised_day @text,
    valid_until @text not null,
    rates @text not null, -- the rates used, a JSON object
    note @text,
    at @int not null,
    staff @int references staff (id),
    sent_at @int,
    decided_at @int,
    decided_by @int references staff (id),
    decided_note @text,
    unique (job, version),
    check (net = subtotal - discount),
    check (total = net + tax)
) @strict;
create unique index quote_one_accepted on quote (job) where state = 'accepted';

create table quote_line (
    quote @int not null references quote (id),
    position @int not null,
    kind @text not null,
    description @text not null,
    quantity @int not null,
    unit @text not null check (unit in ('mg', 'piece', 'minute', 'ct', 'each')),
    cost @int not null,
    price @int not null,
    tax @int not null default 0, -- basis points
    primary key (quote, position)
) @strict;

create table account (code @text primary key) @strict;
insert into account (code) values
    ('cash'), ('card'), ('bank'), ('cheque'), ('other'), -- what came in, by method
    ('deposits'),    -- held for customers: a liability until an invoice takes it up
    ('receivable'),  -- owed on invoices
    ('sales'), ('tax');

create table invoice (
    id @id,
    number @int unique, -- null while a draft: numbers have no gaps
    kind @text not null check (kind in ('invoice', 'credit')),
    job @int not null references job (id),
    visit @int not null references visit (id),
    state @text not null check (state in ('draft', 'open', 'paid', 'credited')),
    credits @int unique references invoice (id),
    customer_name @text not null,
    customer_address @text,
    net @int not null,
    tax @int not null,
    total @int not null,
    deposits @int not null default 0, -- taken up
    issued_at @int,
    issued_day @text,
    staff @int references staff (id),
    version @int not null default 1,
    created_at @int not null,
    check (total = net + tax),
    check ((state = 'draft') = (number is null)),
    check ((number is null) = (issued_at is null))
) @strict;
create index invoice_job on invoice (job);
create index invoice_newest on invoice (id);
create unique index invoice_one_live on invoice (job) where kind = 'invoice' and state <> 'credited';

create table invoice_line (
    invoice @int not null references invoice (id),
    position @int not null,
    description @text not null,
    quantity @int not null default 1 check (quantity > 0),
    net @int not null,
    tax_rate @int not null default 0,
    tax @int not null,
    primary key (invoice, position)
) @strict;

create table payment (
    id @id,
    number @int not null unique, -- of the receipt
    kind @text not null check (kind in ('deposit', 'payment', 'refund', 'reversal')),
    visit @int not null references visit (id),
    invoice @int references invoice (id),
    method @text not null references account (code) check (method in ('cash', 'card', 'bank', 'cheque', 'other')),
    amount @int not null check (amount > 0),
    reference @text,
    note @text,
    reverses @int unique references payment (id),
    at @int not null,
    staff @int references staff (id),
    staff_name @text not null,
    check ((kind = 'reversal') = (reverses is not null))
) @strict;
create index payment_visit on payment (visit, id);

-- A payment's share for each job; signed as the money moved: received positive, given back negative.
create table payment_allotment (
    payment @int not null references payment (id),
    job @int not null references job (id),
    amount @int not null check (amount <> 0),
    primary key (payment, job)
) @strict;
create index payment_allotment_job on payment_allotment (job, payment);

-- The books: every transaction's debits equal its credits. Only ever appended.
create table entry (
    id @id,
    at @int not null,
    payment @int references payment (id),
    invoice @int references invoice (id),
    job @int references job (id),
    account @text not null references account (code),
    debit @int not null default 0 check (debit >= 0),
    credit @int not null default 0 check (credit >= 0),
    check ((debit = 0) <> (credit = 0)),
    check (payment is not null or invoice is not null)
) @strict;
create index entry_payment on entry (payment);
create index entry_invoice on entry (invoice);
create index entry_job on entry (job, id);
