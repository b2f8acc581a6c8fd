-- Whether a customer has a word that begins so is answered by the index alone.
drop index customer_word_customer;
create index customer_word_of on customer_word (customer, word);
