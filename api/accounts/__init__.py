"""The life of an account and of its sessions: tokens, passwords, the throttle, the export."""
