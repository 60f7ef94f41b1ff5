"""The id of this computer among the hosts. Pure."""

LOCAL = "local"
