DROP TABLE data_query_messages;
DROP TABLE data_queries;
