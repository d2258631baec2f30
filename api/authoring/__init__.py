"""How posts are put together: their texts, read and rendered, and their files."""
