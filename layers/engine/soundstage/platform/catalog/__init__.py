"""The catalog in Postgres: what people query. SQLAlchemy models, queries by subject, and migrations.

Every query names the owner; a row of someone else is a row that is not there.
"""
