create table stock (
  sku text primary key,
  quantity integer not null check (quantity >= 0),
  reserved bigint not null default 0
);

insert into stock (sku, quantity)
values ('lamp', 1000), ('mug', 1000), ('chair', 1000), ('desk', 1000), ('plant', 1000), ('clock', 1000);
