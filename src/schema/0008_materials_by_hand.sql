-- Materials that a person added or changed: the specification leaves them as they are.

alter table material add column by_hand @int not null default 0 check (by_hand in (0, 1));
-- Which finding of its template a row stands for; a row that is only by hand stands for none.
alter table material add column part @text check (part is null or kind = 'finding');
alter table material add column treatment @text;
-- Minor units a piece, or a gram of metal, as a person entered it.
alter table material add column cost_each @int check (cost_each is null or (cost_each >= 0 and by_hand = 1));
-- Of what is asked for: reserving, ordering and using do not count.
alter table material add column version @int not null default 1 check (version > 0);

-- The findings of its template that a job goes without, because a person said so.
create table material_left_out (
    job @int not null references job (id),
    part @text not null check (part <> ''),
    primary key (job, part)
) @strict;
