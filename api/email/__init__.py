"""Mail: what is written to people, how it leaves, and the box in which it waits until what it tells is stored."""
