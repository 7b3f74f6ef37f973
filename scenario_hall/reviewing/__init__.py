"""Who reviews what: the queues, whose turn an item is, and who is away."""
