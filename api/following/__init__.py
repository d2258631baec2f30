"""The flow of following and asking to follow, which is also that of being friends: two who follow each other."""
