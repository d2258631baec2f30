"""The fast way to read: psycopg's C parts without its cursors, the statements of one tick sent together.

`Shelf` lends connections, `Lane` is one of them in the event loop, `Exchange` what is said over it, `Query` one
statement on its way. Writes and transactions run on psycopg's own cursors, over the same connections (db/database.py).
"""
