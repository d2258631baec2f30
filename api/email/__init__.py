"""E-mail: the messages, the queue that they wait in, and the transports that deliver them."""
