"""The kinds of files that are taken: what their first bytes say, and copies without where they were made.

A copy keeps each pixel and each sample. It loses what names people, places and programs, and whatever lies behind the
end of the file, where another file can hide. These modules know nothing but the standard library, since they run in a
process of their own, which may be killed: see api/media/worker.py.
"""
