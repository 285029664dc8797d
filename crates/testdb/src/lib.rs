//! Databases for tests: SQLite files and a private PostgreSQL.
