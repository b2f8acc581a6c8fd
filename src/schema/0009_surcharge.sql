-- What is added to the price of work for a reason that does not lie in the work.

create table surcharge (
    kind @text primary key check (kind in ('rush')),
    share @int not null check (share between 0 and 10000) -- basis points on the price of the work
) @strict;
insert into surcharge (kind, share) values ('rush', 0);
