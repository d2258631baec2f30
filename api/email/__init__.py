"""E-mail: the messages, the queue that sends them after the response, and the transports that deliver them."""
