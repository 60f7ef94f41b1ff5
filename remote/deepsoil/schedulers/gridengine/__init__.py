"""Grid Engine (Son of Grid Engine 8.1, Open Grid Scheduler, Univa): its commands, what they answer, its script."""
