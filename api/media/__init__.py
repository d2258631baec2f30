"""Files that people upload: where they lie, who may send and read them, and what becomes of them."""
