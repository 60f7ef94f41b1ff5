"""Grid Engine (Son of Grid Engine 8.1, Open Grid Scheduler, Univa): its commands, their output, its script."""
