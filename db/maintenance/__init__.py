"""What runs beside the requests: counters, purges, exports, older rows."""
