"""Jobs: their specification, states and folders; the runner and the queue of detached processes."""
