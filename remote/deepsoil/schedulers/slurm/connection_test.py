"""What the Slurm of another host offers, and whether it would accept jobs sent to that host."""

from __future__ import annotations

import shlex

from deepsoil.contract.resources import Resources
from deepsoil.contract.text import Text
from deepsoil.schedulers.base import Answer, Ask, Finding
from deepsoil.schedulers.slurm import parser


def probe(ask: Ask, wanted: Resources) -> Finding:
    """Query Slurm's resources, and let it check a typical request without submitting it."""
    answers = ask({
        "there": "command -v sbatch && command -v squeue && command -v scontrol",
        "config": shlex.join(parser.config_command()),
        "partitions": shlex.join(parser.sinfo_command()),
        "accounting": "sacct --noheader --allocations --starttime=now >/dev/null",
        "accounts": "command -v sacctmgr >/dev/null && sacctmgr --noheader --parsable2 show assoc "
                    'where user="$(id -un)" format=account,partition,qos',
        "trial": shlex.join(trial_command(wanted)),
    })
    if not answers["there"].ok:
        return Finding("failed", "Slurm was not found there.",
                       "If it is there, its commands are not in the PATH of a shell that is not interactive: add them "
                       "in ~/.bashrc (as 'module load slurm'). Otherwise choose 'plain host'.", answers["there"].text)
    return evaluate(answers["config"], answers["partitions"], answers["accounting"], answers["accounts"],
                    answers["trial"], wanted)


def trial_command(wanted: Resources) -> list[str]:
    """sbatch that checks a request and submits nothing."""
    words = ["sbatch", "--test-only", "--nodes=1", "--ntasks=1", f"--cpus-per-task={wanted.cpus or 1}"]
    for option in ("partition", "account", "qos"):
        if (value := getattr(wanted, option)) is not None:
            words.append(f"--{option}={value}")
    if wanted.gpus:
        words.append(f"--gres=gpu:{wanted.gpus}")
    if wanted.memory_mb:
        words.append(f"--mem={wanted.memory_mb}M")
    if wanted.minutes:
        words.append(f"--time={wanted.minutes}")
    return [*words, "--wrap=true"]


def evaluate(config: Answer, partitions: Answer, accounting: Answer, accounts: Answer, trial: Answer,
             wanted: Resources) -> Finding:
    """Findings for future jobs from Slurm's answers. Pure."""
    try:
        facts = parser.parse_config(config.text)
        offers = parser.parse_sinfo(partitions.text.strip())
    except parser.UnreadableError as error:
        said = (config.text.strip() or partitions.text.strip() or str(error)).splitlines()[-1]
        return Finding("failed", Text("Slurm is there and does not answer: {said}", said=said),
                     "Try again later; if it stays so, ask the administrators.", f"{config.text}\n{partitions.text}")
    details = "\n".join([
        f"Slurm {facts.version}, arrays of up to {facts.largest_array} tasks",
        *(_line(offer) for offer in offers.values()),
        "accounting: " + ("yes" if accounting.ok else "no (jobs are followed by their own files)"),
        *(f"account: {line}" for line in accounts.text.splitlines() if accounts.ok and line.strip()),
        *(f"sbatch: {line}" for line in trial.text.splitlines() if line.strip())])
    chosen = [offer for offer in offers.values() if offer.name == wanted.partition
              or (wanted.partition is None and offer.default)]
    names = ", ".join(offers) or "none"
    if wanted.partition is not None and not chosen and "," not in wanted.partition:
        return Finding("failed", Text("There is no partition '{partition}'.", partition=wanted.partition),
                       Text("There are: {names}.", names=names), details)
    if not chosen and wanted.partition is None:
        return Finding("warning", "No partition is the default one.", Text("Choose one of: {names}.", names=names),
                       details)
    if chosen and (problem := _too_much(chosen[0], wanted)):
        return Finding("failed", problem, Text("Such jobs would never start. Ask for less, or choose another "
                                               "partition: {names}.", names=names), details)
    if not trial.ok:
        words = trial.text.strip().splitlines()
        return Finding("failed", Text("Slurm would refuse the jobs: {words}", words=words[-1]) if words else
                       Text("Slurm would refuse the jobs: it does not say why."),
                     "Correct partition, account, QOS and the limits of this host; 'sacctmgr show assoc' there shows "
                     "what you may use.", details)
    gpus = sum(offer.gpus * offer.nodes for offer in chosen)
    nodes = sum(offer.nodes for offer in chosen)
    where = chosen[0].name if chosen else str(wanted.partition)
    message = Text("Slurm {version} takes such jobs: {nodes} nodes in partition '{partition}'.",
                   version=facts.version, nodes=nodes, partition=where)
    if gpus:
        message = Text("Slurm {version} takes such jobs: {nodes} nodes in partition '{partition}', up to {gpus} GPUs.",
                       version=facts.version, nodes=nodes, partition=where, gpus=gpus)
    return Finding("passed", message, details=details)


def _too_much(offer: parser.Partition, wanted: Resources) -> Text | None:
    """Why no node of a partition could ever run such a job."""
    wishes = ((wanted.gpus, offer.gpus, Text("GPUs on a node")), (wanted.cpus, offer.cpus, Text("CPUs on a node")),
              (wanted.memory_mb, offer.memory_mb, Text("MB of memory on a node")),
              (wanted.minutes, offer.minutes, Text("minutes")))
    for wish, limit, what in wishes:
        if wish is not None and limit is not None and wish > limit:
            return Text("Partition '{partition}' gives at most {limit} {what}; {wish} are asked for.",
                        partition=offer.name, limit=limit, what=what, wish=wish)
    return None


def _line(offer: parser.Partition) -> str:
    limit = f"{offer.minutes} minutes" if offer.minutes is not None else "no time limit"
    return (f"partition {offer.name}{' (default)' if offer.default else ''}: {offer.nodes} nodes, a node up to "
            f"{offer.cpus} CPUs, {offer.memory_mb} MB, {offer.gpus} GPUs; {limit}")
