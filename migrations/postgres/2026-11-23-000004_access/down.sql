DROP TABLE api_keys;
DROP TABLE sessions;
DROP TABLE sign_in_links;
DROP TABLE memberships;
DROP TABLE people;
DROP TABLE accounts;
