"""Live events: what is written is the log; who subscribes reads on from where they were."""
