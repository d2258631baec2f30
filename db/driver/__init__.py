"""The fast way to read: psycopg's C parts without its cursors, the statements of one tick sent together.

`Checkout` gives out connections, `Pipeline` is one of them in the event loop, `Exchange` the messages sent and received
over it, `Query` one statement that is pending. Writes and transactions run on psycopg's own cursors, over the same
connections (db/database.py).
"""
