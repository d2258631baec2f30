"""What is done beside the requests: the tasks, the workers that run them, and the engine below both."""
