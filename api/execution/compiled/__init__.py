"""Execution breadth first: a document is compiled once, and each of its fields runs once for all of its parents.

Stock execution walks the response object by object and pays for each field of each object anew. Here a *column* is the
unit: the values of one field for all parents that a selection set has at one place of the document. A field makes its
column (`fields`), a completer checks and shapes it (`completers`, `leaves`), a selection set zips its columns into the
rows of the response (`selections`). Relations declared by column are called once for all parents; everything else runs
through graphql-core's own resolvers and coercion, value by value, so that semantics and messages stay its own.

Nothing is ever run a second time: whatever a column turns out to hold (nulls, exceptions, awaitables) is finished value
by value where it stands.
"""
