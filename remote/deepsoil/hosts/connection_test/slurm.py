"""What the Slurm of a host offers, and whether it would take the jobs that are to be sent there."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal

from deepsoil.contract.host import HostResources
from deepsoil.hosts.ssh.connection import Connection
from deepsoil.hosts.ssh.script_runner import Answer, ask
from deepsoil.schedulers.slurm import parser


@dataclass(frozen=True)
class Found:
    """As a step of the test tells it."""

    state: Literal["passed", "warning", "failed"]
    message: str
    hint: str = ""
    details: str = ""


def look(connection: Connection, wished: HostResources) -> Found:
    """Ask Slurm what it has, and let it judge a request like those that will come, without submitting it."""
    said = ask(connection, {
        "there": "command -v sbatch && command -v squeue && command -v scontrol",
        "config": shlex.join(parser.config_command()),
        "partitions": shlex.join(parser.sinfo_command()),
        "accounting": "sacct --noheader --allocations --starttime=now >/dev/null",
        "accounts": "command -v sacctmgr >/dev/null && sacctmgr --noheader --parsable2 show assoc "
                    'where user="$(id -un)" format=account,partition,qos',
        "trial": shlex.join(trial_command(wished)),
    }, timeout_s=90.0)
    if not said["there"].ok:
        return Found("failed", "Slurm was not found there.",
                     "If it is there, its commands are not in the PATH of a shell that is not interactive: add them "
                     "in ~/.bashrc (as 'module load slurm'). Else choose 'plain host'.", said["there"].text)
    return judge(said["config"], said["partitions"], said["accounting"], said["accounts"], said["trial"], wished)


def trial_command(wished: HostResources) -> list[str]:
    """sbatch that judges a request and submits nothing."""
    words = ["sbatch", "--test-only", "--nodes=1", "--ntasks=1", f"--cpus-per-task={wished.cpus or 1}"]
    for option in ("partition", "account", "qos"):
        if (value := getattr(wished, option)) is not None:
            words.append(f"--{option}={value}")
    if wished.gpus:
        words.append(f"--gres=gpu:{wished.gpus}")
    if wished.memory_mb:
        words.append(f"--mem={wished.memory_mb}M")
    if wished.minutes:
        words.append(f"--time={wished.minutes}")
    return [*words, "--wrap=true"]


def judge(config: Answer, partitions: Answer, accounting: Answer, accounts: Answer, trial: Answer,
          wished: HostResources) -> Found:
    """What Slurm's answers mean for the jobs that will come. Pure."""
    try:
        facts = parser.parse_config(config.text)
        offers = parser.parse_sinfo(partitions.text.strip())
    except parser.UnreadableError as error:
        said = (config.text.strip() or partitions.text.strip() or str(error)).splitlines()[-1]
        return Found("failed", f"Slurm is there and does not answer: {said}",
                     "Try again later; if it stays so, ask the administrators.", f"{config.text}\n{partitions.text}")
    details = "\n".join([
        f"Slurm {facts.version}, arrays of up to {facts.max_array_size - 1} tasks",
        *(_line(offer) for offer in offers.values()),
        "accounting: " + ("yes" if accounting.ok else "no (jobs are followed by their own files)"),
        *(f"account: {line}" for line in accounts.text.splitlines() if accounts.ok and line.strip()),
        *(f"sbatch: {line}" for line in trial.text.splitlines() if line.strip())])
    chosen = [offer for offer in offers.values() if offer.name == wished.partition
              or (wished.partition is None and offer.default)]
    names = ", ".join(offers) or "none"
    if wished.partition is not None and not chosen and "," not in wished.partition:
        return Found("failed", f"There is no partition '{wished.partition}'.", f"There are: {names}.", details)
    if not chosen and wished.partition is None:
        return Found("warning", "No partition is the default one.", f"Choose one of: {names}.", details)
    if chosen and (problem := _too_much(chosen[0], wished)):
        return Found("failed", problem, "Such jobs would wait for ever. Ask for less, or choose another partition: "
                     + names + ".", details)
    if not trial.ok:
        words = trial.text.strip().splitlines()
        return Found("failed", "Slurm would refuse the jobs: " + (words[-1] if words else "it does not say why."),
                     "Correct partition, account, QOS and the limits of this host; 'sacctmgr show assoc' there shows "
                     "what you may use.", details)
    gpus = sum(offer.gpus * offer.nodes for offer in chosen)
    nodes = sum(offer.nodes for offer in chosen)
    where = chosen[0].name if chosen else str(wished.partition)
    return Found("passed", f"Slurm {facts.version} takes such jobs: {nodes} nodes in partition '{where}'"
                 + (f", up to {gpus} GPUs." if gpus else "."), details=details)


def _too_much(offer: parser.Partition, wished: HostResources) -> str | None:
    """Why no node of a partition could ever run such a job."""
    wishes = ((wished.gpus, offer.gpus, "GPUs on a node"), (wished.cpus, offer.cpus, "CPUs on a node"),
              (wished.memory_mb, offer.memory_mb, "MB of memory on a node"),
              (wished.minutes, offer.minutes, "minutes"))
    for wish, limit, what in wishes:
        if wish is not None and limit is not None and wish > limit:
            return f"Partition '{offer.name}' gives at most {limit} {what}; {wish} are asked for."
    return None


def _line(offer: parser.Partition) -> str:
    limit = f"{offer.minutes} minutes" if offer.minutes is not None else "no time limit"
    return (f"partition {offer.name}{' (default)' if offer.default else ''}: {offer.nodes} nodes, a node up to "
            f"{offer.cpus} CPUs, {offer.memory_mb} MB, {offer.gpus} GPUs; {limit}")
