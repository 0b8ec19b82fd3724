DROP TABLE item_facts;
