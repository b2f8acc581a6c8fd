-- In which languages customers may read the public pages, by their tags: "de,fr"; null: in every one there is.
alter table shop add column languages @text;
