"""Root fields and mutations, one noun a file: which rows, decided in SQL."""
