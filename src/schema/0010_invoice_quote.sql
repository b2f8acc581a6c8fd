-- A draft knows the quote it was drawn from and whether its lines were edited since, so that it can
-- follow when another is accepted.

alter table invoice add column quote @int references quote (id); -- null: from a price that was told
alter table invoice add column edited @int not null default 0 check (edited in (0, 1)); -- its lines, by hand

-- So far only saving a draft counted its version up; whether its lines were changed is not known.
update invoice set edited = 1 where state = 'draft' and version > 1;
update invoice set quote = (select q.id from quote q where q.job = invoice.job
    and q.state in ('accepted', 'superseded') and q.decided_at <= invoice.created_at
    order by q.decided_at desc, q.id desc limit 1) where kind = 'invoice';
