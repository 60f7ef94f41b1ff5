"""The methods of an engine about other computers; see `contract.methods`. Pure."""

from __future__ import annotations

from deepsoil.contract.method import Method, Parameter, optional, text

HOST_METHODS = (
    Method("hosts", (), "list of hosts with their `connection`", "The other computers that this engine knows.",
           pace="network"),
    Method("ssh_aliases", (), "list of texts", "The host aliases of this user's SSH configuration, without patterns.",
           pace="slow"),
    Method("set_host", (Parameter("host", "object"),), "the host with its `connection`",
           "Adds or changes a host and connects to it.", pace="network"),
    Method("remove_host", (text("host"),), "`{}`",
           "Forgets a host. Its jobs there go on and are no longer listed. Refused (`host_busy`) while a job has not "
           "been sent yet.", pace="network"),
    Method("connect", (text("host"),), "`{}`", "Tries at once to connect, whatever the waiting time says.",
           pace="network"),
    Method("test_host", (Parameter("host", "object"),),
           "list of `{step, state, message, hint, details, templates, values}`",
           "Tests the connection to a host, saved or not. Each step also comes as an event.", pace="network",
           timeout_s=900),
    Method("install_host", (text("host"),), "`{engine}`",
           "Installs the engine of this computer there. Progress comes as events.", pace="network", timeout_s=3600),
    Method("cancel_install", (text("host"),), "`{}`", "Stops an installation.", pace="network"),
    Method("answer", (text("question"), optional("answers", "list")), "`{}`",
           "Answers a question: a list of texts, or null for no answer."),
    Method("retrieve", (text("id"),), "summary",
           "Brings the outputs of a job of another host to this computer; the progress is in `retrieval`.", "job",
           timeout_s=3600),
    Method("fetch_model", (text("host"), text("model")), "`{id}`",
           "Copies a model file and its card to `HOME/models`. Progress comes as events. Refused (`model_exists`) "
           "where another model has its name.", pace="network", timeout_s=3600),
    Method("cancel_fetch_model", (text("host"), text("model")), "`{}`",
           "Stops the copying of a model; what has come is kept and continued the next time.", pace="network"),
)
