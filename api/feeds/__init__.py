"""What happens to feeds beside what they show: they are created, copied, taken along and brought back."""
