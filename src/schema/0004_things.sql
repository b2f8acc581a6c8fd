-- Metals, stones, vendors, craftsmen: what a piece is made of and by whom.

create table alloy (
    code @text primary key,
    name @text not null,
    metal @text not null check (metal in ('gold', 'silver', 'platinum', 'palladium')),
    colour @text,
    fineness @int not null check (fineness between 1 and 10000),
    density @int not null check (density between 1000 and 25000), -- milligrams in a cm3
    loss @int not null default 500 check (loss between 0 and 10000),
    active @int not null default 1 check (active in (0, 1))
) @strict;

-- History: the newest row of a metal counts. Minor units for a troy ounce of pure metal.
create table metal_price (
    id @id,
    metal @text not null check (metal in ('gold', 'silver', 'platinum', 'palladium')),
    price @int not null check (price > 0),
    markup @int not null default 0 check (markup between 0 and 100000),
    source @text,
    at @int not null,
    staff @int references staff (id)
) @strict;
create index metal_price_newest on metal_price (metal, at, id);

create table craft_rate (
    craft @text primary key,
    hourly @int not null check (hourly >= 0)
) @strict;

create table setting_price (
    setting @text primary key,
    price @int not null check (price >= 0)
) @strict;

-- Guide prices for stones that are not in stock: minor units a carat for a gem, origin and size.
create table stone_price (
    id @id,
    gem @text not null,
    origin @text not null,
    quality @text,
    from_carats @int not null default 0 check (from_carats >= 0), -- weight of one stone
    per_carat @int not null check (per_carat >= 0)
) @strict;
create index stone_price_gem on stone_price (gem, origin, from_carats);

create table margin (
    kind @text primary key check (kind in ('metal', 'stone', 'labour', 'setting', 'finding', 'vendor')),
    share @int not null check (share between 0 and 100000) -- basis points on cost
) @strict;

create table stock_item (
    id @id,
    kind @text not null check (kind in ('metal', 'stone', 'finding')),
    code @text not null unique,
    name @text not null,
    found @text not null default '', -- folded words, for finding
    alloy @text references alloy (code),
    gem @text,
    shape @text,
    length @int,  -- micrometres
    width @int,
    quality @text,
    origin @text,
    treatment @text,
    report @text,
    cost @int not null default 0 check (cost >= 0), -- metal: a rate per milligram (six more decimals than money); else a piece
    on_hand @int not null default 0 check (on_hand >= 0),   -- milligrams or pieces
    reserved @int not null default 0 check (reserved >= 0),
    carats @int not null default 0 check (carats >= 0),     -- of what is on hand
    archived_at @int,
    version @int not null default 1,
    created_at @int not null,
    check (reserved <= on_hand),
    check ((kind = 'metal') = (alloy is not null))
) @strict;
create index stock_item_alloy on stock_item (alloy) where archived_at is null;
create index stock_item_stone on stock_item (gem, shape) where archived_at is null;

-- Append-only: on_hand, reserved and carats of an item are the sums of its rows.
create table stock_movement (
    id @id,
    item @int not null references stock_item (id),
    at @int not null,
    staff @int references staff (id),
    reason @text not null check (reason in ('opening', 'received', 'reserved', 'released', 'consumed', 'returned', 'counted')),
    on_hand @int not null,
    reserved @int not null,
    carats @int not null default 0,
    job @int,
    note @text
) @strict;
create index stock_movement_item on stock_movement (item, id);
create index stock_movement_job on stock_movement (job);

create table vendor (
    id @id,
    name @text not null check (name <> ''),
    email @text,
    phone @text,
    address @text,
    supplies @text, -- what they are asked for, in words: "stones", "casting"
    craft @text,    -- the craft they take over, or null
    gem @text,      -- null: any
    metal @text,
    lead_days @int not null default 5 check (lead_days between 0 and 365),
    cutoff @int check (cutoff between 0 and 1439),
    note @text,
    archived_at @int,
    version @int not null default 1,
    created_at @int not null
) @strict;

create index vendor_by_name on vendor (name, id) where archived_at is null;
create index vendor_gone on vendor (name, id) where archived_at is not null;

create table craftsman (
    id @id,
    staff @int references staff (id),
    name @text not null check (name <> ''),
    active @int not null default 1 check (active in (0, 1)),
    version @int not null default 1,
    created_at @int not null
) @strict;

create table craftsman_craft (
    craftsman @int not null references craftsman (id),
    craft @text not null,
    speed @int not null default 100 check (speed between 10 and 400),
    primary key (craftsman, craft)
) @strict;

create table craftsman_hours (
    craftsman @int not null references craftsman (id),
    weekday @int not null check (weekday between 0 and 6),
    starts @int not null check (starts between 0 and 1439),
    ends @int not null check (ends between 1 and 1440),
    primary key (craftsman, weekday, starts),
    check (starts < ends)
) @strict;

create table absence (
    id @id,
    craftsman @int not null references craftsman (id),
    from_day @text not null check (length(from_day) = 10),
    to_day @text not null check (length(to_day) = 10),
    reason @text,
    check (from_day <= to_day)
) @strict;
create index absence_craftsman on absence (craftsman, from_day);
