DROP TABLE response_facts;
DROP TABLE response_history;
DROP TABLE responses;
DROP TABLE rounds;
