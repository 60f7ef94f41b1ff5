"""The models of this computer: finding them, registering a trained one."""
