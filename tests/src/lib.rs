//! Tests that need more than the library: a browser, a database server, an office suite.
