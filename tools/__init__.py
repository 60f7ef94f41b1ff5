"""What ``build.py`` does, one module a task. Standard library only, no Qt: runs on any Python from 3.11."""
