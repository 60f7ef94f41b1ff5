"""The engine as the plugin sees it: install it, start it, speak with it, start it again."""
